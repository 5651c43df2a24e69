import { Router } from 'express';
import { mailableEmail } from '../../../crypto/email-digest.ts';
import { blankForm, readForm } from '../../../forms/form.ts';
import { pathsIn } from '../../../paths.ts';
import type { AccountServices } from '../actions.ts';
import { EmailForm } from '../schema.ts';
import { startToken } from '../tokens.ts';
import { firstAdminPage } from '../views.ts';
import { requireFirst } from './actions.ts';

/** Whoever started a site becomes its first admin by the link that the start has printed. */
export function firstAdminRoutes(services: AccountServices): Router {
  const { keys } = services;
  const router = Router();

  router.get('/account/first/:token', async (req, res) => {
    await requireFirst(services, req.params.token);
    firstAdminPage(res, { form: blankForm });
  });

  router.post('/account/first/:token', async (req, res) => {
    await requireFirst(services, req.params.token);
    const { data, form } = readForm(EmailForm, req.body);
    if (data === null) {
      firstAdminPage(res.status(422), { form });
      return;
    }
    const to = mailableEmail(data.email);
    const token = startToken(keys.accountToken, to, 'admin', { isFirst: true });
    res.redirect(303, pathsIn(req.locale).accountStart(token));
  });

  return router;
}
