import { Router } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { formatIn } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locales.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { addressOf } from '../accounts/actions.ts';
import { requireAccount } from '../accounts/guard.ts';
import { findBlock } from '../decisions/store.ts';
import { listedDraft } from '../drafts/completeness.ts';
import { findDrafts } from '../drafts/store.ts';
import { evenBlockedIn } from '../members/guard.ts';
import { findOwnInvitations } from '../members/invitations/answer.ts';
import { invitationToken } from '../members/invitations/token.ts';
import { findMembers } from '../members/store.ts';
import { stageOf, timeLeft } from '../petitions/petition.ts';
import { retentionOf } from '../petitions/retention.ts';
import { requireEvenBlockedById } from '../petitions/store.ts';
import { requireCount } from '../petitions/totals.ts';
import { findReasons } from '../signatures/shown-store.ts';
import { statisticsOf, signedSince } from '../statistics/statistics.ts';
import { findCounted } from '../statistics/store.ts';
import { adviceFor, adviceOn } from './advice.ts';
import { actorOf } from './history.ts';
import { findHistory, findOwnPetitions, requireOwnPetition } from './store.ts';
import { blockedPage, overviewPage, workspacePage } from './views.ts';

const MOST_ADVICE = 8;
const LATEST_REASONS = 10;
const LATEST_HISTORY = 20;

/** Where initiators see what they write and look after. Behind `signedIn`. */
export function workspaceRoutes({ db, keys }: { db: Pool; keys: Keys }): Router {
  const router = Router();
  const ownPetition = evenBlockedIn(db);

  router.get('/workspace', async (req, res) => {
    const account = requireAccount(res);
    const [found, petitions, invitations] = await Promise.all([
      findDrafts(db, account),
      findOwnPetitions(db, account, req.locale),
      findAsked(account, req.locale),
    ]);
    const drafts = found.map(listedDraft);
    const facts = { account, drafts, petitions, invitations };
    const day = today();
    workspacePage(res, {
      drafts,
      petitions: petitions.map((petition) => ({
        ...petition,
        stage: stageOf(petition, day),
        time_left: timeLeft(petition, day),
      })),
      advice: adviceFor(facts, req.locale).slice(0, MOST_ADVICE),
    });
  });

  router.get('/workspace/petitions/:slug', async (req, res) => {
    const { petition, member } = await ownPetition(req, res);
    const decision = petition.block && (await findBlock(db, petition.id));
    if (decision !== null) {
      blockedPage(res, { petition, member, decision });
      return;
    }
    const [count, counted, facts, reasons, members, history] = await Promise.all([
      requireCount(db, petition.id),
      findCounted(db, petition.id),
      requireOwnPetition(db, member, req.locale),
      findReasons(db, petition.id, { limit: LATEST_REASONS + 1 }),
      findMembers(db, petition.id),
      findHistory(db, petition.id, LATEST_HISTORY),
    ]);
    const day = today();
    // ECharts is large and would hold up the start of the site.
    const { growthOf } = await import('../statistics/charts.ts');
    overviewPage(res, {
      petition,
      member,
      count,
      stage: stageOf(petition, day),
      time_left: timeLeft(petition, day),
      retention: retentionOf(petition, day),
      lately: {
        today: signedSince(counted.day, day),
        week: signedSince(counted.day, day.subtract({ days: 6 })),
      },
      growth: growthOf(statisticsOf(counted), formatIn(req.locale)),
      advice: adviceOn(facts, req.locale),
      reasons,
      history: history.map((entry) => ({
        ...entry,
        actor: actorOf(entry, members, (one) => addressOf(keys, one)),
      })),
    });
  });

  /** What the account is asked to look after, in words and with the link of the mail. */
  async function findAsked(account: Account, locale: Locale) {
    const invitations = await findOwnInvitations(db, keys, account);
    return Promise.all(
      invitations.slice(0, MOST_ADVICE).map(async (invitation) => {
        const { title } = await requireEvenBlockedById(db, invitation.petition_id, locale);
        const token = invitationToken(keys.invitation, invitation);
        return { title, href: pathsIn(locale).invitation(token) };
      }),
    );
  }

  return router;
}
