SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Files of signatures for the hand-over: what was asked for, and what became of it. Nothing of a
-- signer is in here, and the files themselves are kept nowhere.
CREATE TABLE exports (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  account_id bigint REFERENCES accounts,
  form_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'running', 'broken', 'finished')),
  attempt integer NOT NULL DEFAULT 0,
  format text NOT NULL CHECK (format IN ('csv', 'jsonl', 'xlsx')),
  with_bom boolean NOT NULL,
  columns text[] NOT NULL CHECK (cardinality(columns) > 0),
  from_day date,
  to_day date,
  country text CHECK (country ~ '^[A-Z]{2}$'),
  language text CHECK (language IN ('sv', 'en', 'ru')),
  visibility text CHECK (visibility IN ('public', 'anonymous')),
  last_sequence bigint NOT NULL,
  row_count integer NOT NULL CHECK (row_count >= 0),
  secret_count integer NOT NULL CHECK (secret_count >= 0),
  written integer NOT NULL DEFAULT 0 CHECK (written >= 0),
  bytes bigint,
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  made_at timestamptz NOT NULL DEFAULT now(),
  progressed_at timestamptz,

  CONSTRAINT exports_once_for_each_form UNIQUE (account_id, form_id),
  CONSTRAINT exports_finished_have_a_checksum CHECK (
    num_nonnulls(bytes, sha256) = CASE state WHEN 'finished' THEN 2 ELSE 0 END
  )
);

COMMENT ON COLUMN exports.account_id IS 'Null for the operator, by hand.';
COMMENT ON COLUMN exports.form_id IS 'Of the form that was sent: sent twice, it makes one export.';
COMMENT ON COLUMN exports.attempt IS
  'Raised whenever the file is begun: a stream that was given up on writes no progress any more.';
COMMENT ON COLUMN exports.last_sequence IS 'Who confirmed after the export was made is not in it.';
COMMENT ON COLUMN exports.row_count IS 'How many fitted when the export was made.';
COMMENT ON COLUMN exports.secret_count IS
  'Secret signatures of the whole petition, whatever was chosen: they are in no file.';
COMMENT ON COLUMN exports.progressed_at IS
  'A running one says every second that it runs. One that is silent has broken off.';

CREATE INDEX exports_petition_idx ON exports (petition_id, id DESC);

CREATE UNIQUE INDEX exports_one_runs_for_each_account ON exports (account_id)
WHERE state = 'running';

-- What an export reads, page by page, in the order of confirmation.
CREATE INDEX signatures_listed_idx ON signatures (petition_id, sequence)
WHERE state = 'confirmed' AND visibility <> 'secret';
