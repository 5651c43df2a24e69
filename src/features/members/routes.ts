import { Router, type Response } from 'express';
import { blankForm, readForm } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { createLimit } from '../../http/rate-limit.ts';
import { pathsIn } from '../../paths.ts';
import { addressOf } from '../accounts/actions.ts';
import { changeRole, handOver, remove, wantMails, type Outcome } from './actions.ts';
import { evenBlockedIn, type Own } from './guard.ts';
import type { InvitationServices } from './invitations/invite.ts';
import { invitationRoutes, inviteRoutes } from './invitations/routes.ts';
import { findInvitations } from './invitations/store.ts';
import { isNeeded, MEMBER_ROLES } from './member.ts';
import { MailsForm, RoleForm } from './schema.ts';
import { findMembers } from './store.ts';
import { membersPage, type ShowMembers } from './views.ts';

const DAY = 24 * 60 * 60;

/** Who looks after a petition. Behind `signedIn`. */
export function memberRoutes(services: InvitationServices): Router {
  const { db } = services;
  const router = Router();
  const ownPetition = evenBlockedIn(db);
  const showMembers = showMembersWith(services);
  /** Each change of a role is told by mail. */
  const rolesByAccount = createLimit({ name: 'roles', points: 20, seconds: DAY });

  router.use(inviteRoutes(services, showMembers));
  router.use(invitationRoutes(services));

  router.get('/workspace/petitions/:slug/members', async (req, res) => {
    await showMembers(res, await ownPetition(req, res), blankForm);
  });

  // Addresses that forms are sent to, for whoever reloads one.
  for (const form of ['role', 'handing-over', 'removal'] as const) {
    router.get(`/workspace/petitions/:slug/members/:account/${form}`, async (req, res) => {
      const { petition } = await ownPetition(req, res);
      res.redirect(303, pathsIn(req.locale).members(petition.slug));
    });
  }

  router.post('/workspace/petitions/:slug/members/:account/role', async (req, res) => {
    const own = await ownPetition(req, res);
    const { petition, account } = own;
    const { data, form } = readForm(RoleForm, req.body);
    if (data === null) return showMembers(res.status(422), own, form);
    if (!(await rolesByAccount(account.id))) return refuse(res.status(429), own, 'too_many_roles');
    const outcome = await changeRole(services, account, petition, req.params.account, data.role);
    if (outcome === 'needed') return refuse(res.status(409), own, outcome);
    flash(req, 'members:flash.role');
    res.redirect(303, pathsIn(req.locale).members(petition.slug));
  });

  router.post('/workspace/petitions/:slug/members/:account/handing-over', async (req, res) => {
    const { petition, account } = await ownPetition(req, res);
    await handOver(services, account, petition, req.params.account);
    flash(req, 'members:flash.handed_over');
    res.redirect(303, pathsIn(req.locale).members(petition.slug));
  });

  router.post('/workspace/petitions/:slug/members/:account/removal', async (req, res) => {
    const own = await ownPetition(req, res);
    const { petition, account } = own;
    const outcome = await remove(services, account, petition, req.params.account);
    if (outcome === 'needed') return refuse(res.status(409), own, outcome);
    const isOwn = req.params.account === account.id;
    flash(req, isOwn ? 'members:flash.left' : 'members:flash.removed');
    const paths = pathsIn(req.locale);
    res.redirect(303, isOwn ? paths.workspace : paths.members(petition.slug));
  });

  router.get('/workspace/petitions/:slug/mails', async (req, res) => {
    const { petition } = await ownPetition(req, res);
    res.redirect(303, pathsIn(req.locale).own(petition.slug));
  });

  router.post('/workspace/petitions/:slug/mails', async (req, res) => {
    const { petition, account, member } = await ownPetition(req, res);
    const { data } = readForm(MailsForm, req.body);
    if (data !== null) {
      await wantMails(db, account, member, data.milestone_mails === 'on');
      flash(req, `members:flash.mails_${data.milestone_mails}`);
    }
    res.redirect(303, pathsIn(req.locale).own(petition.slug));
  });

  /** Nothing was done, and the page says why. */
  const refuse = (res: Response, own: Own, why: Outcome | 'too_many_roles') =>
    showMembers(res, own, {
      ...blankForm,
      notice: { key: `members:refused.${why}`, values: {} },
    });

  return router;
}

const showMembersWith =
  ({ db, keys }: InvitationServices): ShowMembers =>
  async (res, { petition, member }, form) => {
    const isOwner = member.role === 'owner';
    const [members, invitations] = await Promise.all([
      findMembers(db, petition.id),
      isOwner ? findInvitations(db, petition.id) : [],
    ]);
    membersPage(res, {
      petition,
      member,
      members: members.map((one) => ({
        ...one,
        address: addressOf(keys, one),
        needed: isNeeded(one, members),
      })),
      invitations: invitations.map((one) => ({ ...one, address: addressOf(keys, one) })),
      roles: MEMBER_ROLES,
      form,
    });
  };
