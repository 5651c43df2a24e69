import { fileNameOf, type Export } from '../../exports/export.ts';
import type { Contents } from '../contents.ts';
import { groupsOf } from '../hand-over.ts';
import type { Block } from '../paper/block.ts';
import type { Wording } from './wording.ts';

/** By what the recipient knows the file that goes with the document. */
export const fileOf = ({ petition, file }: Contents, wording: Wording): Block[] =>
  file?.sha256 == null ? [] : checksumOf(file, file.sha256, petition.slug, wording);

function checksumOf(file: Export, sha256: string, slug: string, { t, format }: Wording): Block[] {
  const bytes = file.bytes ?? 0;
  return [
    { is: 'chapter', text: t('handover:sum.heading'), onNewPage: true },
    { is: 'paragraph', text: t('handover:sum.lead') },
    { is: 'checksum', lines: groupsOf(sha256) },
    {
      is: 'facts',
      facts: [
        { label: t('handover:sum.name'), value: fileNameOf(slug, file) },
        { label: t('handover:sum.day'), value: format.day(file.made_on) },
        { label: t('handover:sum.format'), value: t(`exports:format.${file.format}`) },
        { label: t('handover:sum.rows'), value: format.number(file.written) },
        {
          label: t('handover:sum.bytes'),
          value: t('handover:sum.bytes_value', { count: bytes }),
        },
      ],
    },
    ...(file.secret_count === 0 ? [] : [quiet(t('exports:secret', { count: file.secret_count }))]),
    quiet(t('handover:sum.compare')),
  ];
}

const quiet = (text: string): Block => ({ is: 'paragraph', text, quiet: true });
