import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { Picture } from '../petitions/picture.ts';

/** The picture of a petition that is looked after. */
export const ownPicturePage = view<{
  petition: Petition;
  open: boolean;
  picture: Picture | null;
  form: Form;
  state: string;
}>('pictures/own');
