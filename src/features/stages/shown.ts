import type { FieldError } from '../../forms/form.ts';
import { formatIn } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import { timeLeft, timeline, type Petition } from '../petitions/petition.ts';
import type { Days } from './transitions.ts';

/** Where the petition is, for the top of a page. */
export const courseOf = (petition: Petition) => ({
  petition,
  timeline: timeline(petition, today()),
  time_left: timeLeft(petition, today()),
});

/** What the form was made from is no longer true. */
export const CHANGED: FieldError = { key: 'stages:changed', values: {} };

/** What is wrong with a day that is not one of these. */
export function outside(days: Days | null, locale: Locale): FieldError {
  if (days === null) return CHANGED;
  const format = formatIn(locale);
  const values = { first: format.day(days.first), last: format.day(days.last) };
  return { key: 'stages:wrong_day', values };
}
