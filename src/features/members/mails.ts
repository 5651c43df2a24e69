import type { Keys } from '../../crypto/keys.ts';
import type { Db } from '../../db/sql.ts';
import { formatIn, type Format } from '../../i18n/format.ts';
import { queueMail } from '../../mail/queue.ts';
import { pathsIn, type Paths } from '../../paths.ts';
import { addressOf } from '../accounts/actions.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireEvenBlockedById } from '../petitions/store.ts';
import type { KnownMember } from './member.ts';
import { findMembers } from './store.ts';

export interface MailServices {
  keys: Pick<Keys, 'account' | 'mailAddress'>;
  baseUrl: string;
}

/** Whom to write to, about which petition. */
export type Written = Pick<KnownMember, 'petition_id' | 'language' | 'email_locked'>;

/** Owes somebody a mail about a petition, in their language as far as there is one of it. */
export async function tellMember(
  { keys, baseUrl }: MailServices,
  db: Db,
  member: Written,
  mail: {
    template: string;
    path: (paths: Paths, petition: Petition) => string;
    values?: Record<string, string>;
  },
): Promise<void> {
  const locale = member.language;
  const petition = await requireEvenBlockedById(db, member.petition_id, locale);
  await queueMail(db, keys, {
    to: addressOf(keys, member),
    locale,
    template: mail.template,
    values: {
      ...mail.values,
      title: petition.title,
      link: baseUrl + mail.path(pathsIn(locale), petition),
    },
  });
}

/**
 * Owes every owner of a petition, the suspended too, a mail that leads to it in their workspace:
 * nobody is suspended so as not to hear of it.
 */
export async function tellOwners(
  services: MailServices,
  db: Db,
  petitionId: string,
  template: string,
  valuesIn: (format: Format) => Record<string, string>,
): Promise<void> {
  const members = await findMembers(db, petitionId);
  for (const owner of members.filter(({ role }) => role === 'owner')) {
    await tellMember(services, db, owner, {
      template,
      path: (paths, { slug }) => paths.own(slug),
      values: valuesIn(formatIn(owner.language)),
    });
  }
}
