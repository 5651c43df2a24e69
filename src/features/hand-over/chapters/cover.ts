import { pathsIn } from '../../../paths.ts';
import type { Petition } from '../../petitions/petition.ts';
import { sum } from '../../statistics/statistics.ts';
import type { Contents } from '../contents.ts';
import type { Block, Fact } from '../paper/block.ts';
import type { Wording } from './wording.ts';

/** The first page: what it is about, to whom it goes, and how many have signed. */
export function coverOf(contents: Contents, wording: Wording): Block[] {
  const { petition, here, statistics } = contents;
  const { t, format, today } = wording;
  const count = here + sum(statistics.elsewhere);
  return [
    {
      is: 'cover',
      kicker: t('handover:doc.kicker'),
      title: petition.title,
      lang: petition.language,
      notes: notesOn(petition, wording),
      facts: factsOf(petition, wording),
    },
    {
      is: 'figure',
      figure: format.number(count),
      label: t('handover:doc.signatures', { count }),
      day: t('handover:doc.as_of', { day: format.day(today) }),
    },
  ];
}

/** Where the text is not what was written first in this language. */
function notesOn(petition: Petition, { locale, t }: Wording): string[] {
  const { language, original_language, is_stale } = petition;
  const name = (of: Petition['language']) => t(`petitions:in_language.${of}`);
  const notes: string[] = [];
  if (language !== locale) {
    notes.push(t('petitions:other_language', { language: name(language) }));
  } else if (language !== original_language) {
    notes.push(t('handover:doc.translated', { language: name(original_language) }));
  }
  if (is_stale) notes.push(t('handover:doc.stale'));
  return notes;
}

function factsOf(petition: Petition, { locale, t, baseUrl }: Wording): Fact[] {
  const { language: lang, initiator_name, initiator_place } = petition;
  const address = baseUrl + pathsIn(locale).petition(petition.slug);
  const initiator = [initiator_name, initiator_place].filter(Boolean).join(', ');
  return [
    { label: t('handover:doc.recipient'), value: petition.recipient, lang },
    ...(initiator_name === '' ? [] : [{ label: t('handover:doc.initiator'), value: initiator }]),
    { label: t('handover:doc.web'), value: address, href: address },
  ];
}
