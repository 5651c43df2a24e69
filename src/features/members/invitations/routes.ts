import { Router } from 'express';
import { readForm, type FieldError } from '../../../forms/form.ts';
import { AppError } from '../../../errors.ts';
import { flash } from '../../../http/flash.ts';
import { createLimit } from '../../../http/rate-limit.ts';
import { pathsIn } from '../../../paths.ts';
import { triedAddress } from '../../accounts/actions.ts';
import { requireAccount } from '../../accounts/guard.ts';
import { requireEvenBlockedById } from '../../petitions/store.ts';
import { ownPetitionIn } from '../guard.ts';
import { MOST_MEMBERS, requireOwner } from '../member.ts';
import { InvitationForm } from '../schema.ts';
import { invitationPage, type ShowMembers } from '../views.ts';
import { accept, decline, requireInvitation } from './answer.ts';
import { MOST_INVITATIONS } from './invitation.ts';
import { invite, withdrawInvitation, type InvitationServices, type Refusal } from './invite.ts';
import { findInvitations } from './store.ts';

const DAY = 24 * 60 * 60;

/** Why nobody was asked, in words. */
const REFUSALS: Record<Refusal, FieldError> = {
  is_member: { key: 'members:refused.is_member', values: {} },
  too_many_members: { key: 'members:refused.too_many_members', values: { count: MOST_MEMBERS } },
  too_many_invitations: {
    key: 'members:refused.too_many_invitations',
    values: { count: MOST_INVITATIONS },
  },
};

/** An owner asks others to join. */
export function inviteRoutes(services: InvitationServices, showMembers: ShowMembers): Router {
  const { db, keys } = services;
  const router = Router();
  const ownPetition = ownPetitionIn(db);
  const mailsOfAccount = createLimit({ name: 'invitations', points: 20, seconds: DAY });
  const mailsOfPetition = createLimit({ name: 'invitations_of_one', points: 3, seconds: DAY });

  router.get('/workspace/petitions/:slug/members/invitations', async (req, res) => {
    const { petition } = await ownPetition(req, res);
    res.redirect(303, pathsIn(req.locale).members(petition.slug));
  });

  router.post('/workspace/petitions/:slug/members/invitations', async (req, res) => {
    const own = await ownPetition(req, res);
    const { petition, account, member } = own;
    requireOwner(member);
    const { data, form } = readForm(InvitationForm, req.body);
    if (data === null) return showMembers(res.status(422), own, form);
    // Counted for each petition by itself: the answer tells of no other one's invitations.
    const address = `${petition.id} ${triedAddress(keys, data.email)}`;
    if (!(await mailsOfAccount(account.id)) || !(await mailsOfPetition(address))) {
      const notice = { key: 'members:refused.too_often', values: {} };
      return showMembers(res.status(429), own, { ...form, notice });
    }
    const refusal = await invite(services, account, petition, data);
    if (refusal !== null) {
      return showMembers(res.status(422), own, { ...form, notice: REFUSALS[refusal] });
    }
    flash(req, 'members:flash.invited');
    res.redirect(303, pathsIn(req.locale).members(petition.slug));
  });

  router.get('/workspace/petitions/:slug/members/invitations/:id/withdrawal', async (req, res) => {
    const { petition } = await ownPetition(req, res);
    res.redirect(303, pathsIn(req.locale).members(petition.slug));
  });

  router.post('/workspace/petitions/:slug/members/invitations/:id/withdrawal', async (req, res) => {
    const { petition, account, member } = await ownPetition(req, res);
    requireOwner(member);
    const open = await findInvitations(db, petition.id);
    const invitation = open.find(({ id }) => id === req.params.id);
    if (
      invitation === undefined ||
      !(await withdrawInvitation(services, account, petition, invitation))
    ) {
      throw new AppError('not_found', 'members:error.answered');
    }
    flash(req, 'members:flash.withdrawn');
    res.redirect(303, pathsIn(req.locale).members(petition.slug));
  });

  return router;
}

/** Whoever was asked says yes or no. */
export function invitationRoutes({ db, keys }: InvitationServices): Router {
  const router = Router();

  router.get('/workspace/invitations/:token', async (req, res) => {
    const { token } = req.params;
    const invitation = await requireInvitation(db, keys, requireAccount(res), token);
    const petition = await requireEvenBlockedById(db, invitation.petition_id, req.locale);
    invitationPage(res, { petition, invitation, token });
  });

  for (const answer of ['acceptance', 'refusal'] as const) {
    router.get(`/workspace/invitations/:token/${answer}`, (req, res) => {
      res.redirect(303, pathsIn(req.locale).invitation(req.params.token));
    });
  }

  router.post('/workspace/invitations/:token/acceptance', async (req, res) => {
    const petitionId = await accept(db, keys, requireAccount(res), req.params.token);
    const { slug } = await requireEvenBlockedById(db, petitionId, req.locale);
    flash(req, 'members:flash.joined');
    res.redirect(303, pathsIn(req.locale).own(slug));
  });

  router.post('/workspace/invitations/:token/refusal', async (req, res) => {
    const account = requireAccount(res);
    await decline(db, account, await requireInvitation(db, keys, account, req.params.token));
    flash(req, 'members:flash.declined');
    res.redirect(303, pathsIn(req.locale).workspace);
  });

  return router;
}
