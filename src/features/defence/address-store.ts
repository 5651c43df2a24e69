import { z } from 'zod';
import { bucketOf } from '../../crypto/email-digest.ts';
import { day, sql, type Db } from '../../db/sql.ts';
import { VISIBILITIES } from '../petitions/petition.ts';

/** What somebody who moderates is told of one person's signature; nothing is opened for it. */
export const FoundSignature = z.object({
  state: z.enum(['pending', 'confirmed', 'rejected']),
  visibility: z.enum(VISIBILITIES),
  country: z.string().nullable(),
  signed_on: day,
});

export type FoundSignature = z.output<typeof FoundSignature>;

export const findByAddress = (db: Db, petitionId: string, digest: Buffer) =>
  sql`
    SELECT s.state, s.visibility, s.country, s.signed_on
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND s.bucket = ${bucketOf(digest)}
      AND s.email_digest = ${digest}
  `.maybeOne(db, FoundSignature);
