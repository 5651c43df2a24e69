import { z } from 'zod';
import { orNull, words } from '../../forms/fields.ts';

export const LONGEST_NOTICE = 500;

const notice = words(LONGEST_NOTICE).default('').transform(orNull);

/** What readers are told in each language; the usual sentence where it is empty. */
export const PauseForm = z.object({ notice_sv: notice, notice_en: notice, notice_ru: notice });

export type PauseForm = z.output<typeof PauseForm>;
