SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- What moderators have taken away, or kept when readers had flagged it, and on which ground.
CREATE TABLE decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  decided_on date NOT NULL,
  subject text NOT NULL CHECK (subject IN ('draft', 'petition', 'translation', 'reason', 'name')),
  outcome text NOT NULL CHECK (outcome IN ('removed', 'kept')),
  ground text CHECK (ground IN ('threats', 'hate', 'personal_data', 'advertising', 'picture',
    'unlawful', 'unclear', 'duplicate', 'not_genuine')),
  petition_id bigint REFERENCES petitions,
  draft_id bigint REFERENCES petition_drafts ON DELETE SET NULL,
  language text CHECK (language IN ('sv', 'en', 'ru')),
  signature_sequence bigint,
  note text CHECK (char_length(note) BETWEEN 1 AND 2000),
  is_public boolean NOT NULL,
  account_id bigint REFERENCES accounts,
  undone_on date,

  CONSTRAINT decisions_remove_on_a_ground CHECK ((outcome = 'removed') = (ground IS NOT NULL)),
  CONSTRAINT decisions_of_translations_name_one CHECK (
    (subject = 'translation') = (language IS NOT NULL)
  ),
  CONSTRAINT decisions_of_signers_words_name_one CHECK (
    (subject IN ('reason', 'name')) = (signature_sequence IS NOT NULL)
  ),
  CONSTRAINT decisions_of_drafts_have_no_petition CHECK (
    subject = 'draft' OR petition_id IS NOT NULL
  )
);

COMMENT ON TABLE decisions IS 'A petition that was removed is blocked; a draft, rejected.';
COMMENT ON COLUMN decisions.signature_sequence IS
  'Of the signature whose reason or name it is. Its words are not repeated here.';
COMMENT ON COLUMN decisions.note IS 'To the initiator, in the moderator''s words. Never public.';
COMMENT ON COLUMN decisions.is_public IS 'It is in the list that everybody can read.';
COMMENT ON COLUMN decisions.account_id IS 'Null for the operator, by hand.';

CREATE INDEX decisions_public_idx ON decisions (id DESC) WHERE is_public;

CREATE INDEX decisions_petition_idx ON decisions (petition_id, id DESC);
