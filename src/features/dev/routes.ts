import { Router } from 'express';
import { view } from '../../http/view.ts';
import { listMails, type ReceivedMail } from '../../mail/mailbox.ts';

const mailboxPage = view<{ mails: ReceivedMail[] }>('dev/mailbox');

/** The mails that would have been sent: for trying the site without a mail server. */
export function mailboxRoutes({ mailbox }: { mailbox: string }): Router {
  const router = Router();

  router.get('/dev/mailbox', async (_req, res) => {
    res.set('Cache-Control', 'no-store');
    mailboxPage(res, { mails: await listMails(mailbox, 50) });
  });

  return router;
}
