import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LONGEST_EMAIL } from '../../forms/fields.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { Standing } from '../petitions/standing.ts';
import { VISIBILITIES, type Petition, type Visibility } from '../petitions/petition.ts';

/** What the signer's own page needs. The personal data is sealed and not part of it. */
export const Signature = z.object({
  petition_id: z.string(),
  email_digest: z.instanceof(Buffer),
  nonce: z.instanceof(Buffer),
  state: z.enum(['pending', 'confirmed', 'rejected']),
  /** Raised each time that a pending signature is replaced. */
  version: z.number(),
  visibility: z.enum(VISIBILITIES),
  public_name: z.string().nullable(),
  public_place: z.string().nullable(),
  country: z.string().nullable(),
  reason: z.string().nullable(),
  /** What moderators or several readers have said of the reason, and of name and place. */
  reason_standing: Standing.nullable(),
  name_standing: Standing.nullable(),
  signed_on: day,
  /** Its place in the order of confirmation; null until then. */
  sequence: z.string().nullable(),
});

export type Signature = z.output<typeof Signature>;

/**
 * What was signed may say something else by now: the original was changed after that day, or on it,
 * since no time of day is kept.
 */
export const isChangedSince = (
  { signed_on }: Pick<Signature, 'signed_on'>,
  { original_changed_on }: Pick<Petition, 'original_changed_on'>,
): boolean =>
  original_changed_on !== null && Temporal.PlainDate.compare(original_changed_on, signed_on) >= 0;

/**
 * What a signer may choose later: to be seen by fewer always, and what was chosen may stay. Only
 * to be seen by everybody takes a petition that offers it.
 */
export const choicesOf = (
  { visibility }: Pick<Signature, 'visibility'>,
  { visibilities }: Pick<Petition, 'visibilities'>,
): Visibility[] =>
  VISIBILITIES.filter(
    (choice) => choice !== 'public' || [visibility, ...visibilities].includes(choice),
  );

/** A reason for signing, as everybody may read it. */
export const Reason = z.object({
  sequence: z.string(),
  reason: z.string(),
  public_name: z.string().nullable(),
  public_place: z.string().nullable(),
  country: z.string().nullable(),
  language: z.enum(LOCALES),
  confirmed_on: day,
});

export type Reason = z.output<typeof Reason>;

/** Somebody who chose to be seen by everybody. */
export const Supporter = z.object({
  sequence: z.string(),
  public_name: z.string(),
  public_place: z.string().nullable(),
  country: z.string().nullable(),
  confirmed_on: day,
});

export type Supporter = z.output<typeof Supporter>;

export const LONGEST = {
  name: 100,
  email: LONGEST_EMAIL,
  place: 80,
  postal_code: 20,
  reason: 1000,
} as const;

/** Owed mails wait for SMTP under these names; templates exist for each. */
export const MAIL_KINDS = ['confirmation', 'signed_already'] as const;

export type MailKind = (typeof MAIL_KINDS)[number];
