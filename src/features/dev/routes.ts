import { Router } from 'express';
import { readForm } from '../../forms/form.ts';
import { listMails } from '../../mail/mailbox.ts';
import { today } from '../../today.ts';
import { patternOf } from '../petitions/pattern.ts';
import { STAGES, timeline } from '../petitions/petition.ts';
import { SignForm } from '../signatures/schema.ts';
import { componentsPage, mailboxPage } from './views.ts';

/** The mails that would have been sent: for trying the site without a mail server. */
export function mailboxRoutes({ mailbox }: { mailbox: string }): Router {
  const router = Router();

  router.get('/dev/mailbox', async (_req, res) => {
    res.set('Cache-Control', 'no-store');
    mailboxPage(res, { mails: await listMails(mailbox, 50) });
  });

  return router;
}

/** Every part that pages are made of, in each of its states: for whoever changes the look. */
export function componentRoutes(): Router {
  const router = Router();

  router.get('/dev/components', (_req, res) => {
    res.set('Cache-Control', 'no-store');
    const day = today();
    const petition = {
      slug: 'a-slug',
      language: 'en' as const,
      title: 'A title of the length that most petitions have, and a little more',
      recipient: 'The municipal council',
      topic: 'culture' as const,
      outcome: null,
      region: 'SE',
      goal: 10_000,
      time_left: { unit: 'days' as const, count: 12 },
      pattern: patternOf('a-slug'),
    };
    componentsPage(res, {
      counts: [0, 5, 6312, 10_000, 1_234_567],
      cards: [
        { ...petition, signature_count: 0, stage: 'collection' },
        { ...petition, signature_count: 6312, stage: 'collection', slug: 'another' },
        {
          ...petition,
          title: 'Donaudampfschiffahrtsgesellschaftskapitänsmützenfabrikantenverband'.repeat(2),
          signature_count: 1_234_567,
          stage: 'decision',
          outcome: 'accepted',
          pattern: patternOf('a-third'),
        },
      ],
      timelines: STAGES.slice(1).map((stage) => {
        const reached = STAGES.indexOf(stage);
        return timeline(
          {
            opened_on: day.subtract({ days: 200 }),
            closes_on: day.add({ days: reached === 1 ? 12 : -100 }),
            first_closes_on: reached === 1 ? day.subtract({ days: 30 }) : null,
            extended_on: reached === 1 ? day.subtract({ days: 60 }) : null,
            ended_early_from: null,
            submitted_on: reached >= 2 ? day.subtract({ days: 90 }) : null,
            dialogue_on: reached >= 3 ? day.subtract({ days: 60 }) : null,
            decided_on: reached >= 4 ? day.subtract({ days: 5 }) : null,
            outcome: reached >= 4 ? 'partly' : null,
          },
          day,
        );
      }),
      filled: {
        values: { name: 'Ada Lovelace', visibility: 'public', reason: 'A reason.' },
        errors: {},
      },
      failed: readForm(SignForm, { name: '', email: 'ada@', website: '' }).form,
      limited: {
        values: {},
        errors: {},
        notice: { key: 'signatures:too_many', values: { count: 10 } },
      },
      reasons: [
        {
          sequence: '2',
          reason: 'Nobody should have to hide.\n\nNobody.',
          public_name: 'Ada Lovelace',
          public_place: 'Uppsala',
          country: 'SE',
          language: 'en',
          confirmed_on: day,
        },
        {
          sequence: '1',
          reason: 'Потому что так нельзя.',
          public_name: null,
          public_place: null,
          country: null,
          language: 'ru',
          confirmed_on: day,
        },
      ],
    });
  });

  return router;
}
