SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- What moderators, or several readers, have said of words that everybody could read.
ALTER TABLE signatures
  ADD COLUMN reason_standing text,
  ADD COLUMN name_standing text;

ALTER TABLE signatures ADD CONSTRAINT signatures_reason_standing_is_known CHECK (
  reason_standing IN ('kept', 'flagged', 'removed', 'changed')
);

ALTER TABLE signatures ADD CONSTRAINT signatures_name_standing_is_known CHECK (
  name_standing IN ('kept', 'flagged', 'removed', 'changed')
);

ALTER TABLE petition_texts ADD COLUMN standing text;

ALTER TABLE petition_texts ADD CONSTRAINT petition_texts_standing_is_known CHECK (
  standing IN ('kept', 'flagged', 'removed', 'changed')
);

COMMENT ON COLUMN signatures.reason_standing IS
  'Shown where it is null or kept. Flagged: hidden until a moderator decides. Removed: by a moderator. Changed: other words than the removed ones, hidden until a moderator has looked.';
COMMENT ON COLUMN signatures.name_standing IS 'The same of name and place. The signature counts.';
COMMENT ON COLUMN petition_texts.standing IS 'The same of a translation.';

-- The few that somebody has said something of, in whatever state they are by now.
CREATE INDEX signatures_standing_idx ON signatures (petition_id, sequence)
WHERE num_nonnulls(reason_standing, name_standing) > 0;

CREATE INDEX petition_texts_standing_idx ON petition_texts (petition_id)
WHERE standing IS NOT NULL;

-- What readers have flagged and nobody has decided yet.
CREATE TABLE flagged (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  subject text NOT NULL CHECK (subject IN ('petition', 'translation', 'reason', 'name')),
  item text NOT NULL CHECK (char_length(item) <= 20),
  flagged_on date NOT NULL,
  flags integer NOT NULL DEFAULT 1 CHECK (flags > 0),
  networks text[] NOT NULL,
  networks_on date NOT NULL,
  is_pressing boolean NOT NULL DEFAULT false,
  told_on date,

  CONSTRAINT flagged_once UNIQUE (petition_id, subject, item)
);

COMMENT ON COLUMN flagged.item IS
  'Which one: the sequence of a signature, the language of a translation; empty for the petition.';
COMMENT ON COLUMN flagged.networks IS
  'Keyed hashes of the networks that flagged it on networks_on, a few at most. The key changes daily and is never stored. Emptied when that day is over.';
COMMENT ON COLUMN flagged.is_pressing IS 'Several networks have flagged it on one day.';
COMMENT ON COLUMN flagged.told_on IS 'The day on which moderators were told by mail.';

CREATE INDEX flagged_queue_idx ON flagged (is_pressing DESC, flags DESC, id);

-- What readers said of it. Deleted when it is decided.
CREATE TABLE reports (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flagged_id bigint NOT NULL REFERENCES flagged ON DELETE CASCADE,
  reported_on date NOT NULL,
  ground text NOT NULL CHECK (ground IN ('threats', 'hate', 'personal_data', 'advertising',
    'picture', 'unlawful', 'unclear', 'duplicate', 'not_genuine')),
  explanation text CHECK (char_length(explanation) BETWEEN 1 AND 1000),
  email_locked bytea,
  mail_language text NOT NULL CHECK (mail_language IN ('sv', 'en', 'ru'))
);

COMMENT ON COLUMN reports.email_locked IS
  'Where the reader is told what was decided, locked with a derived key. Emptied after 90 days.';

CREATE INDEX reports_flagged_idx ON reports (flagged_id, id);

CREATE INDEX reports_email_idx ON reports (reported_on) WHERE email_locked IS NOT NULL;
