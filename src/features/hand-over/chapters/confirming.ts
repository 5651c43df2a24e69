import type { Block } from '../paper/block.ts';
import type { Wording } from './wording.ts';

/** What a number of signatures is worth. */
export const confirmingOf = ({ t }: Wording): Block[] => [
  { is: 'chapter', text: t('handover:confirming.heading'), onNewPage: true },
  { is: 'paragraph', text: t('handover:confirming.lead') },
  {
    is: 'list',
    items: [
      t('handover:confirming.mail'),
      t('handover:confirming.once'),
      t('handover:confirming.rejected'),
      t('handover:confirming.open'),
      t('handover:confirming.anonymous'),
      t('handover:confirming.secret'),
      t('handover:confirming.sealed'),
      t('handover:confirming.opened'),
    ],
  },
];
