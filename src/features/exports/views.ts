import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { Column, Export, Format } from './export.ts';

/** The exports of a petition that were made, and what could be. */
export const exportsPage = view<{
  petition: Petition;
  signature_count: number;
  secret_count: number;
  exports: Export[];
}>('exports/index');

/** What is to be in a file. */
export const newExportPage = view<{
  petition: Petition;
  secret_count: number;
  columns: readonly Column[];
  formats: readonly Format[];
  form: Form;
}>('exports/new');

/** One export: to be fetched, how far it is, or what came of it. */
export const exportPage = view<{ petition: Petition; found: Export }>('exports/show');
