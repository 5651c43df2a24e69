import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { ReceivedMail } from '../../mail/mailbox.ts';
import type { Pattern } from '../petitions/pattern.ts';
import type { Petition, Stage, TimeLeft, timeline } from '../petitions/petition.ts';
import type { Reason } from '../signatures/signature.ts';

export const mailboxPage = view<{ mails: ReceivedMail[] }>('dev/mailbox');

type Card = Pick<
  Petition,
  'slug' | 'language' | 'title' | 'recipient' | 'topic' | 'goal' | 'outcome'
> & {
  signature_count: number;
  stage: Stage;
  time_left: TimeLeft;
  pattern: Pattern;
};

/** The parts of pages, with something to show in each. */
export const componentsPage = view<{
  counts: number[];
  cards: Card[];
  timelines: ReturnType<typeof timeline>[];
  filled: Form;
  failed: Form;
  limited: Form;
  reasons: Reason[];
}>('dev/components');
