SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Documents for the recipients of petitions: what was asked for, and what became of it. The
-- documents themselves are kept nowhere.
CREATE TABLE hand_overs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  account_id bigint REFERENCES accounts,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'broken', 'finished')),
  language text NOT NULL CHECK (language IN ('sv', 'en', 'ru')),
  with_names boolean NOT NULL,
  export_id bigint REFERENCES exports,
  names integer NOT NULL DEFAULT 0 CHECK (names >= 0),
  bytes bigint,
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  made_at timestamptz NOT NULL DEFAULT now(),
  progressed_at timestamptz NOT NULL DEFAULT now(),

  CONSTRAINT hand_overs_finished_have_a_checksum CHECK (
    num_nonnulls(bytes, sha256) = CASE state WHEN 'finished' THEN 2 ELSE 0 END
  ),
  CONSTRAINT hand_overs_have_the_names_asked_for CHECK (with_names OR names = 0)
);

COMMENT ON COLUMN hand_overs.account_id IS 'Null for the operator, by hand.';
COMMENT ON COLUMN hand_overs.export_id IS 'The file of signatures of which it tells the checksum.';
COMMENT ON COLUMN hand_overs.names IS 'How many public names are in it so far.';
COMMENT ON COLUMN hand_overs.progressed_at IS
  'A running one says every second that it runs. One that is silent has broken off.';

CREATE INDEX hand_overs_petition_idx ON hand_overs (petition_id, id DESC);

CREATE UNIQUE INDEX hand_overs_one_runs_for_each_account ON hand_overs (account_id)
WHERE state = 'running';
