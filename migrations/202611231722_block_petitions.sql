SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- A draft that breaks the rules is rejected: its initiator may read it, and not hand it in again.
ALTER TABLE petition_drafts DROP CONSTRAINT petition_drafts_state_check;
ALTER TABLE petition_drafts ADD CONSTRAINT petition_drafts_state_check
  CHECK (state IN ('draft', 'handed_in', 'returned', 'published', 'rejected'));

-- While a petition is blocked, nobody but those who look after it and those who moderate sees it.
ALTER TABLE petitions ADD COLUMN block_id bigint REFERENCES decisions;

COMMENT ON COLUMN petitions.block_id IS
  'The decision that blocks it; null when it is to be seen, also after one was undone.';

COMMENT ON COLUMN decisions.is_public IS
  'It is in the list that everybody can read; of a rejected draft with its title, which stands only in the draft.';

CREATE INDEX decisions_draft_idx ON decisions (draft_id, id DESC) WHERE draft_id IS NOT NULL;

-- So that two moderators do not work on the same case unawares. A row says nothing 10 minutes after
-- it was seen last, and is deleted by whoever opens a case then.
CREATE TABLE open_cases (
  subject text NOT NULL CHECK (subject IN ('draft', 'petition')),
  subject_id bigint NOT NULL,
  account_id bigint NOT NULL REFERENCES accounts,
  opened_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,

  PRIMARY KEY (subject, subject_id, account_id)
);

COMMENT ON TABLE open_cases IS 'Which moderator looks at which draft or petition.';
