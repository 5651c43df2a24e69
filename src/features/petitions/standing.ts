import { z } from 'zod';
import { sql, type Query } from '../../db/sql.ts';

/**
 * What has been said of words that everybody could read. `kept`: a moderator keeps them. `flagged`:
 * several readers have flagged them, and no moderator has decided yet. `removed`: by a moderator.
 * `changed`: others are in the place of removed ones, and no moderator has looked at them yet.
 */
export const Standing = z.enum(['kept', 'flagged', 'removed', 'changed']);

export type Standing = z.output<typeof Standing>;

/** True of a column with the standing of words that may be shown. */
export const isShown = (standing: Query): Query =>
  sql`(${standing} IS NULL OR ${standing} = 'kept')`;

/** The same of a standing that was read. */
export const mayBeShown = (standing: Standing | null): boolean =>
  standing === null || standing === 'kept';

/**
 * The standing of words that are replaced, or, `isNone`, erased. What was said holds for the same
 * words only, but where they were hidden, or others were removed before them and no moderator has
 * undone that (`wasRemoved`), a moderator looks at the next ones first: nobody shows them again by
 * changing a letter, by erasing and restoring them, or by having others kept in between.
 */
export const standingAfter = (
  standing: Query,
  {
    isSame,
    isNone = sql`false`,
    wasRemoved,
  }: { isSame: Query; isNone?: Query; wasRemoved: boolean },
): Query => sql`
  CASE
    WHEN ${isSame} OR ${standing} = 'flagged' THEN ${standing}
    WHEN ${standing} IN ('removed', 'changed') OR ${wasRemoved}::boolean
      THEN CASE WHEN ${isNone} THEN 'removed' ELSE 'changed' END
  END
`;
