import { sql, type Db, type Query } from '../../db/sql.ts';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Locale } from '../../i18n/locales.ts';
import { BlockedPetition } from './blocked.ts';
import { Petition, SLUG, type Topic } from './petition.ts';
import { isShown } from './standing.ts';
import { versionIn } from './text-store.ts';

/**
 * The petition with its texts in the reader's language, or else in the language it was written in.
 * Throws AppError `not_found`, and BlockedPetition.
 */
export const requirePetition = async (db: Db, slug: string, locale: Locale): Promise<Petition> =>
  unlessBlocked(await requireEvenBlocked(db, slug, locale));

/** The same by id. */
export const requirePetitionById = async (db: Db, id: string, locale: Locale): Promise<Petition> =>
  unlessBlocked(await requireEvenBlockedById(db, id, locale));

/** For those who moderate or look after it, and for nothing that readers see: throws `not_found`. */
export async function requireEvenBlocked(db: Db, slug: string, locale: Locale): Promise<Petition> {
  if (!SLUG.test(slug)) throw notFound();
  return requireWhere(db, sql`p.slug = ${slug}`, locale);
}

/** The same by id. */
export const requireEvenBlockedById = (db: Db, id: string, locale: Locale): Promise<Petition> =>
  requireWhere(db, sql`p.id = ${id}`, locale);

function unlessBlocked(petition: Petition): Petition {
  if (petition.block !== null) throw new BlockedPetition(petition.block);
  return petition;
}

/** With the words of the version `t`, or else of the original. */
const WORDED_PICTURE = sql`(
  SELECT jsonb_build_object('id', i.id, 'width', i.width, 'height', i.height,
    'alt', w.picture_alt, 'language', w.language)
  FROM pictures AS i
  JOIN petition_texts AS w ON w.petition_id = p.id AND w.language = CASE
    WHEN t.picture_alt = '' THEN p.original_language ELSE t.language END
  WHERE i.id = p.picture_id
)`;

async function requireWhere(db: Db, condition: Query, locale: Locale): Promise<Petition> {
  const petition = await sql`
    SELECT p.id, p.slug, p.original_language, p.goal, p.topic, p.region, p.opened_on,
      p.closes_on, p.first_closes_on, p.extended_on, p.ended_early_from, p.submitted_on,
      p.dialogue_on, p.decided_on, p.outcome, p.retention_months, p.destruction_day,
      p.destroyed_on,
      ARRAY(
        SELECT k.public_key FROM export_keys AS k WHERE k.petition_id = p.id ORDER BY k.id
      ) AS public_keys,
      ARRAY(
        SELECT l.language FROM petition_texts AS l
        WHERE l.petition_id = p.id
          AND (l.language = p.original_language OR ${isShown(sql`l.standing`)})
        ORDER BY l.language
      ) AS languages,
      p.asks_place, p.asks_postal_code, p.visibilities, p.default_visibility, p.mail_sender,
      p.mail_subject,
      (
        SELECT jsonb_build_object('notice', CASE ${locale}::text
          WHEN 'sv' THEN w.notice_sv WHEN 'ru' THEN w.notice_ru ELSE w.notice_en END)
        FROM signing_pauses AS w
        WHERE w.petition_id = p.id OR w.petition_id IS NULL
        ORDER BY w.petition_id
        LIMIT 1
      ) AS pause,
      (
        SELECT jsonb_build_object('decided_on', b.decided_on, 'ground', b.ground)
        FROM decisions AS b WHERE b.id = p.block_id
      ) AS block,
      t.language, t.title, t.recipient, t.text, t.reason, t.thanks,
      t.initiator_name, t.initiator_place, t.picture_alt, ${WORDED_PICTURE} AS picture,
      t.translator, t.is_stale,
      CASE WHEN t.changed_on >= p.opened_on THEN t.changed_on END AS changed_on,
      (
        SELECT o.changed_on FROM petition_texts AS o
        WHERE o.petition_id = p.id AND o.language = p.original_language
          AND o.changed_on >= p.opened_on
      ) AS original_changed_on
    FROM petitions AS p
    ${versionIn(locale)}
    WHERE ${condition}
  `.maybeOne(db, Petition);
  if (petition === null) throw notFound();
  return petition;
}

export const findSlug = async (db: Db, petitionId: string): Promise<string> => {
  const { slug } = await sql`
    SELECT p.slug FROM petitions AS p WHERE p.id = ${petitionId}
  `.one(db, z.object({ slug: z.string() }));
  return slug;
};

const notFound = () => new AppError('not_found', 'errors:not_found');

export interface NewPetition {
  slug: string;
  original_language: Locale;
  goal: number;
  topic: Topic;
  /** None where it is left out. */
  region?: string | null;
  opened_on: Temporal.PlainDate;
  closes_on: Temporal.PlainDate;
  /** What it asks of its signers; the database says what is usual. */
  rules?: SigningRules;
}

export type SigningRules = Pick<
  Petition,
  | 'asks_place'
  | 'asks_postal_code'
  | 'visibilities'
  | 'default_visibility'
  | 'mail_sender'
  | 'mail_subject'
>;

const RULE_COLUMNS = sql`
  , asks_place, asks_postal_code, visibilities, default_visibility, mail_sender, mail_subject
`;

const rulesOf = (r: SigningRules): Query => sql`
  , ${r.asks_place}, ${r.asks_postal_code}, ${r.visibilities}, ${r.default_visibility},
  ${r.mail_sender}, ${r.mail_subject}
`;

/** Null when the slug is taken. */
export const savePetition = async (db: Db, petition: NewPetition): Promise<string | null> => {
  const { rules } = petition;
  const saved = await sql`
    WITH saved AS (
      INSERT INTO petitions (slug, original_language, goal, topic, region, opened_on,
        closes_on
        ${rules === undefined ? sql`` : RULE_COLUMNS})
      VALUES (${petition.slug}, ${petition.original_language}, ${petition.goal}, ${petition.topic},
        ${petition.region ?? null}, ${petition.opened_on}, ${petition.closes_on}
        ${rules === undefined ? sql`` : rulesOf(rules)})
      ON CONFLICT (slug) DO NOTHING
      RETURNING id
    )
    INSERT INTO petition_totals (petition_id)
    SELECT s.id FROM saved AS s
    RETURNING petition_id AS id
  `.maybeOne(db, z.object({ id: z.string() }));
  return saved?.id ?? null;
};

export const saveExportKey = (
  db: Db,
  petitionId: string,
  key: { publicKey: Buffer; privateKeyLocked: Buffer },
) =>
  sql`
    INSERT INTO export_keys (petition_id, public_key, private_key_locked)
    VALUES (${petitionId}, ${key.publicKey}, ${key.privateKeyLocked})
  `.run(db);

export const hasPetitions = async (db: Db): Promise<boolean> => {
  const { found } = await sql`
    SELECT EXISTS (SELECT FROM petitions) AS found
  `.one(db, z.object({ found: z.boolean() }));
  return found;
};

export const saveTopic = (db: Db, petitionId: string, topic: Topic) =>
  sql`UPDATE petitions AS p SET topic = ${topic} WHERE p.id = ${petitionId}`.run(db);

export interface ExternalCount {
  source: string;
  signatures: number;
  reported_on: Temporal.PlainDate;
}

/** What was collected elsewhere, in the place of what that source has said before. */
export const saveExternalCount = (db: Db, petitionId: string, count: ExternalCount) =>
  sql`
    INSERT INTO external_counts AS e (petition_id, source, signatures, reported_on)
    VALUES (${petitionId}, ${count.source}, ${count.signatures}, ${count.reported_on})
    ON CONFLICT (petition_id, source) DO UPDATE SET
      signatures = excluded.signatures, reported_on = excluded.reported_on
  `.run(db);

export const deleteExternalCount = (db: Db, petitionId: string, source: string) =>
  sql`
    DELETE FROM external_counts AS e WHERE e.petition_id = ${petitionId} AND e.source = ${source}
  `.run(db);
