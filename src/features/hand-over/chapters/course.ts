import type { StageEntry } from '../../stages/entry.ts';
import { timeline, type Petition } from '../../petitions/petition.ts';
import type { Contents } from '../contents.ts';
import type { Block, Fact } from '../paper/block.ts';
import type { Wording } from './wording.ts';

/** The stages that the petition has reached, and what happened in them. */
export const courseOf = ({ petition, entries }: Contents, wording: Wording): Block[] => [
  { is: 'chapter', text: wording.t('handover:course.heading') },
  { is: 'facts', facts: stagesOf(petition, wording) },
  ...entries.flatMap((entry) => blocksOf(entry, petition, wording)),
];

function stagesOf(petition: Petition, { t, format, today }: Wording): Fact[] {
  const hasClosed = Temporal.PlainDate.compare(today, petition.closes_on) >= 0;
  return timeline(petition, today).flatMap(({ stage, on, notes, outcome }) => {
    const label = t(`petitions:stage.${stage}`);
    if (stage === 'collection') {
      const day = format.day(petition.closes_on);
      const end = t(hasClosed ? 'handover:course.closed' : 'handover:course.closes', { day });
      const more = notes.map((note) =>
        t(`stages:notes.${note.what}`, { on: format.day(note.on), first: format.day(note.first) }),
      );
      return [{ label, value: [end, ...more].join('; ') }];
    }
    if (on === null) return [];
    const day = format.day(on);
    if (outcome === null) return [{ label, value: day }];
    return [
      {
        label,
        value: t('handover:course.decided', { day, outcome: t(`stages:outcome.${outcome}`) }),
      },
    ];
  });
}

function blocksOf(entry: StageEntry, { outcome }: Petition, { t, format }: Wording): Block[] {
  const values = { stage: t(`petitions:stage.${entry.stage}`), day: format.day(entry.happened_on) };
  const text =
    entry.stage === 'decision' && outcome !== null
      ? t('handover:course.decision', { ...values, outcome: t(`stages:outcome.${outcome}`) })
      : t('handover:course.entry', values);
  const { recipient, corrected_on: corrected, language: lang } = entry;
  const label = t('handover:doc.recipient');
  return [
    { is: 'heading', text },
    ...(recipient === null
      ? []
      : [{ is: 'facts', facts: [{ label, value: recipient, lang }] } satisfies Block]),
    { is: 'markdown', text: entry.text, lang },
    ...(corrected === null ? [] : [quiet(t('stages:corrected', { day: format.day(corrected) }))]),
  ];
}

const quiet = (text: string): Block => ({ is: 'paragraph', text, quiet: true });
