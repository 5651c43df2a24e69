SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Who translated a version, whether it still says what the original says, and since when the words
-- that people sign are others than they were.
ALTER TABLE petition_texts
  ADD COLUMN translator text,
  ADD COLUMN is_stale boolean NOT NULL DEFAULT false,
  ADD COLUMN stale_since bigint,
  ADD COLUMN changed_on date;

ALTER TABLE petition_texts ADD CONSTRAINT petition_texts_translator_is_short CHECK (
  char_length(translator) BETWEEN 1 AND 100
);

ALTER TABLE petition_texts ADD CONSTRAINT petition_texts_are_stale_since_a_change CHECK (
  is_stale = (stale_since IS NOT NULL)
);

COMMENT ON COLUMN petition_texts.translator IS
  'The name to be shown of whoever translated it; null for nobody.';
COMMENT ON COLUMN petition_texts.stale_since IS
  'The first revision of the original that this version does not translate.';
COMMENT ON COLUMN petition_texts.changed_on IS
  'When title, recipient, text or reason was changed last; null for never.';

UPDATE petition_texts AS t
SET changed_on = c.changed_on
FROM (
  SELECT r.petition_id, r.language, max(r.replaced_on) AS changed_on
  FROM (
    SELECT v.petition_id, v.language, v.replaced_on,
      (v.title, v.recipient, v.text, v.reason) IS DISTINCT FROM coalesce(
        lead((v.title, v.recipient, v.text, v.reason))
          OVER (PARTITION BY v.petition_id, v.language ORDER BY v.id),
        (n.title, n.recipient, n.text, n.reason)
      ) AS is_other
    FROM petition_revisions AS v
    JOIN petition_texts AS n ON n.petition_id = v.petition_id AND n.language = v.language
  ) AS r
  WHERE r.is_other
  GROUP BY r.petition_id, r.language
) AS c
WHERE c.petition_id = t.petition_id AND c.language = t.language;

-- Who published what came in the place of a revision.
ALTER TABLE petition_revisions
  ADD COLUMN account_id bigint,
  ADD COLUMN translator text;

COMMENT ON COLUMN petition_revisions.account_id IS
  'Who published what came in its place; null for the operator. Never shown.';
COMMENT ON COLUMN petition_revisions.translator IS
  'The name to be shown of whoever translated that; null where nobody is named.';

-- Language versions that readers have written.
CREATE TABLE text_proposals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  language text NOT NULL CHECK (language IN ('sv', 'en', 'ru')),
  state text NOT NULL DEFAULT 'unconfirmed'
    CHECK (state IN ('unconfirmed', 'confirmed', 'published', 'declined')),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
  recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 1 AND 200),
  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 20000),
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 5000),
  thanks text NOT NULL CHECK (char_length(thanks) <= 1000),
  translator text CHECK (char_length(translator) BETWEEN 1 AND 100),
  original_state text NOT NULL,
  email_locked bytea,
  mail_language text NOT NULL CHECK (mail_language IN ('sv', 'en', 'ru')),
  moved_on date NOT NULL,
  told_on date,

  CONSTRAINT text_proposals_forget_the_address_when_decided CHECK (
    (email_locked IS NULL) = (state IN ('published', 'declined'))
  )
);

CREATE INDEX text_proposals_waiting_idx ON text_proposals (petition_id, id)
WHERE state = 'confirmed';

CREATE INDEX text_proposals_moved_idx ON text_proposals (moved_on);

COMMENT ON COLUMN text_proposals.original_state IS 'Which state of the original it translates.';
COMMENT ON COLUMN text_proposals.email_locked IS
  'Where the proposer is told what becomes of it, locked with a derived key.';
COMMENT ON COLUMN text_proposals.moved_on IS 'The day on which it came into this state.';
COMMENT ON COLUMN text_proposals.told_on IS
  'The day on which the petition''s owners were told by mail that it waits.';
