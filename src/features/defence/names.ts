import type { Format } from '../../i18n/format.ts';
import type { Translate } from '../../i18n/load.ts';
import { TIME_ZONE } from '../../today.ts';
import { momentOf } from './bursts.ts';
import { CONDITIONS, type Condition, type Selection } from './selection.ts';

/** The words of one language. */
export interface Words {
  format: Format;
  t: Translate;
}

/** What a reader calls the value of a condition. */
export function nameOf(condition: Condition, value: string, { format, t }: Words): string {
  switch (condition) {
    case 'hour':
      return new Intl.DateTimeFormat(format.tag, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: TIME_ZONE,
      }).format(momentOf(value));
    case 'day':
      return format.day(Temporal.PlainDate.from(value));
    case 'country':
      return format.country(value);
    case 'language':
      return t(`statistics:languages.names.${value}`);
    case 'network':
    case 'domain':
      return value;
    case 'address':
      return t('defence:one_address');
  }
}

/** Each condition with the name of its value. */
export const namesOf = (
  selection: Partial<Selection>,
  words: Words,
): { condition: Condition; name: string }[] =>
  CONDITIONS.flatMap((condition) => {
    const value = selection[condition];
    return value === undefined ? [] : [{ condition, name: nameOf(condition, value, words) }];
  });
