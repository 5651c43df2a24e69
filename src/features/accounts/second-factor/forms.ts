import { blankForm, type Form } from '../../../forms/form.ts';

/** Neither a code nor a password is shown again. */
export const forgotten = ({ errors }: Form): Form => ({ values: {}, errors });

export const saying = (key: string): Form => ({ ...blankForm, notice: { key, values: {} } });
