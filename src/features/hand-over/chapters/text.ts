import type { Contents } from '../contents.ts';
import type { Block } from '../paper/block.ts';
import type { Wording } from './wording.ts';

/** What people have signed, whole. */
export const textOf = ({ petition }: Contents, { t }: Wording): Block[] => [
  { is: 'chapter', text: t('petitions:text'), onNewPage: true },
  { is: 'markdown', text: petition.text, lang: petition.language },
  { is: 'chapter', text: t('petitions:reason') },
  { is: 'markdown', text: petition.reason, lang: petition.language },
];
