import type { Request, Response } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../../crypto/keys.ts';
import { filledForm, readForm, type FieldError, type Form } from '../../../forms/form.ts';
import { flash } from '../../../http/flash.ts';
import { pathsIn } from '../../../paths.ts';
import { today } from '../../../today.ts';
import type { Account } from '../../accounts/account.ts';
import { acceptsSignatures, acceptsText, lastDayOfChanges } from '../../petitions/petition.ts';
import { wordingOf, type PetitionText } from '../../petitions/petition-text.ts';
import { seenStateOf, type Published } from '../../petitions/publish-text.ts';
import { LONGEST_TEXT, TYPED_FIELDS } from '../../petitions/schema.ts';
import { requireCount } from '../../petitions/totals.ts';
import { keepVersion, publishVersion } from '../actions.ts';
import { inWords, Seen, Then, VersionForm } from '../schema.ts';
import {
  changedSince,
  changesSinceStale,
  firstForm,
  isOriginal,
  previewOf,
  publishedInstead,
  requireSubject,
  textOf,
  type Subject,
} from '../subject.ts';
import { editorPage } from '../views.ts';

export type Editor = ReturnType<typeof createEditor>;

/** Where one language version is written, whoever wrote it first. */
export function createEditor(services: { db: Pool; keys: Keys }) {
  const { db } = services;

  const open = (res: Response, subject: Subject) => show(res, subject, firstForm(subject));

  /** Shows what was typed as it would look, or publishes it. */
  async function send(
    req: Request,
    res: Response,
    account: Account,
    subject: Subject,
  ): Promise<void> {
    const { data, form } = readForm(VersionForm, req.body);
    if (data === null) {
      await show(res.status(422), subject, inWords(form));
      return;
    }
    const wants = Then.safeParse(req.body).success;
    if (!wants && changedSince(subject, data) === null) {
      await show(res, subject, form, { previewed: textOf(subject, data) });
      return;
    }
    const done = wants ? await publishVersion(services, account, subject, data) : 'outdated';
    await answer(req, res, subject, form, done);
  }

  /** The version stays as it is, and is no longer stale. */
  async function keep(
    req: Request,
    res: Response,
    account: Account,
    subject: Subject,
  ): Promise<void> {
    const seen = Seen.parse(req.body ?? {});
    const done = await keepVersion(services, account, subject, seen);
    const form = filledForm({ ...firstForm(subject).values, ...seen });
    await answer(req, res, subject, form, done);
  }

  async function answer(
    req: Request,
    res: Response,
    subject: Subject,
    form: Form,
    done: Published,
  ): Promise<void> {
    const { petition, language, proposal } = subject;
    if (done !== 'outdated' && done !== 'closed') {
      flash(req, `translations:flash.${done}`);
      res.redirect(303, pathsIn(req.locale).ownTexts(petition.slug));
      return;
    }
    const now = await requireSubject(db, petition, language, proposal);
    const changed = changedSince(now, Seen.parse(form.values)) ?? 'version';
    const notice = done === 'closed' ? CLOSED : CHANGED[changed];
    const stored = publishedInstead(now, form.values);
    await show(res.status(409), now, { ...form, notice }, { stored });
  }

  async function show(
    res: Response,
    subject: Subject,
    form: Form,
    {
      previewed = null,
      stored = [],
    }: { previewed?: PetitionText | null; stored?: ReturnType<typeof publishedInstead> } = {},
  ): Promise<void> {
    const { petition, language, original, version, proposal } = subject;
    const paths = pathsIn(res.req.locale);
    editorPage(res, {
      ...subject,
      beside: isOriginal(subject) ? null : original,
      action:
        proposal === null
          ? paths.ownText(petition.slug, language)
          : paths.ownProposal(petition.slug, proposal.id),
      form,
      fields: TYPED_FIELDS,
      limits: LONGEST_TEXT,
      seen: seenStateOf(version, original),
      wording: wordingOf(original),
      stored,
      since: await changesSinceStale(db, subject),
      preview: previewed === null ? null : previewOf(subject, previewed),
      count: await requireCount(db, petition.id),
      open: acceptsText(petition, version, today()),
      collects: acceptsSignatures(petition, today()),
      last_day: lastDayOfChanges(petition),
    });
  }

  return { open, send, keep };
}

const CHANGED: Record<'version' | 'original', FieldError> = {
  version: { key: 'translations:conflict.version', values: {} },
  original: { key: 'translations:conflict.original', values: {} },
};
const CLOSED: FieldError = { key: 'translations:conflict.closed', values: {} };
