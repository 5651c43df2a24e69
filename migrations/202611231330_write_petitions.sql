SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- What a petition asks of its signers, and how its mails look.
ALTER TABLE petitions
  ADD COLUMN asks_place boolean NOT NULL DEFAULT true,
  ADD COLUMN asks_postal_code boolean NOT NULL DEFAULT true,
  ADD COLUMN visibilities text[] NOT NULL DEFAULT '{public,anonymous,secret}',
  ADD COLUMN default_visibility text NOT NULL DEFAULT 'anonymous',
  ADD COLUMN mail_sender text,
  ADD COLUMN mail_subject text;

ALTER TABLE petitions ADD CONSTRAINT petitions_visibilities_are_known CHECK (
  visibilities <@ '{public,anonymous,secret}' AND cardinality(visibilities) > 0
);

ALTER TABLE petitions ADD CONSTRAINT petitions_default_visibility_is_one CHECK (
  default_visibility = ANY (visibilities)
);

ALTER TABLE petitions ADD CONSTRAINT petitions_mail_sender_is_short CHECK (
  char_length(mail_sender) BETWEEN 1 AND 60
);

ALTER TABLE petitions ADD CONSTRAINT petitions_mail_subject_is_short CHECK (
  char_length(mail_subject) BETWEEN 1 AND 80
);

COMMENT ON COLUMN petitions.visibilities IS 'What signers may choose from.';
COMMENT ON COLUMN petitions.mail_sender IS
  'The name of the sender of its mails; null for the site''s own.';
COMMENT ON COLUMN petitions.mail_subject IS
  'The subject of the confirmation mail; null for the site''s neutral one. Others may read it.';

-- An initiator may stay unnamed.
ALTER TABLE petition_texts DROP CONSTRAINT petition_texts_initiator_name_check;
ALTER TABLE petition_texts ADD CONSTRAINT petition_texts_initiator_name_check
  CHECK (char_length(initiator_name) <= 100);

-- Who looks after a petition.
CREATE TABLE petition_members (
  petition_id bigint NOT NULL REFERENCES petitions,
  account_id bigint NOT NULL REFERENCES accounts,
  role text NOT NULL CHECK (role IN ('owner', 'editor')),

  PRIMARY KEY (petition_id, account_id)
);

CREATE INDEX petition_members_account_idx ON petition_members (account_id);

-- A petition that is being written. It may be left and taken up again, so all of it may be missing;
-- what is handed in is checked as a whole.
CREATE TABLE petition_drafts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES accounts,
  state text NOT NULL DEFAULT 'draft'
    CHECK (state IN ('draft', 'handed_in', 'returned', 'published')),
  version integer NOT NULL DEFAULT 1,
  language text NOT NULL CHECK (language IN ('sv', 'en', 'ru')),
  content jsonb NOT NULL DEFAULT '{}',
  note text CHECK (char_length(note) BETWEEN 1 AND 2000),
  petition_id bigint REFERENCES petitions,
  changed_on date NOT NULL,

  CONSTRAINT petition_drafts_become_petitions CHECK (
    (state = 'published') = (petition_id IS NOT NULL)
  )
);

COMMENT ON COLUMN petition_drafts.version IS
  'Raised by each change: whoever saves an older one is told.';
COMMENT ON COLUMN petition_drafts.content IS
  'What has been filled in so far, by the names of the form''s fields.';
COMMENT ON COLUMN petition_drafts.note IS 'Why it was returned.';

CREATE INDEX petition_drafts_account_idx ON petition_drafts (account_id, id DESC);

CREATE INDEX petition_drafts_handed_in_idx ON petition_drafts (id) WHERE state = 'handed_in';
