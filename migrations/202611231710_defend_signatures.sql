SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- What shows a burst of fakes, for 14 days.
ALTER TABLE signatures
  ADD COLUMN arrived_hour timestamptz,
  ADD COLUMN network_cluster text,
  ADD COLUMN domain_cluster text,
  ADD COLUMN rejected_by bigint;

ALTER TABLE signatures ADD CONSTRAINT signatures_arrived_hour_is_full CHECK (
  extract(epoch FROM arrived_hour)::bigint % 3600 = 0
);

ALTER TABLE signatures ADD CONSTRAINT signatures_arrive_wholly_or_not CHECK (
  num_nonnulls(arrived_hour, network_cluster, domain_cluster) IN (0, 3)
);

ALTER TABLE signatures ADD CONSTRAINT signatures_secret_keep_no_arrival CHECK (
  visibility <> 'secret' OR arrived_hour IS NULL
);

ALTER TABLE signatures ADD CONSTRAINT signatures_rejected_by_somebody CHECK (
  rejected_by IS NULL OR state = 'rejected'
);

COMMENT ON COLUMN signatures.arrived_hour IS
  'The full hour of signing. Emptied after 14 days with both clusters; never kept of secret ones.';
COMMENT ON COLUMN signatures.network_cluster IS
  'Six signs of a keyed hash of petition and network. The key changes daily and is never stored.';
COMMENT ON COLUMN signatures.domain_cluster IS
  'The name of a big mail provider, or six signs of a keyed hash of petition and mail domain.';
COMMENT ON COLUMN signatures.rejected_by IS
  'The bulk change that rejected it: undoing that one restores it. No foreign key, as above.';

-- What is to be forgotten.
CREATE INDEX signatures_arrived_idx ON signatures (arrived_hour) WHERE arrived_hour IS NOT NULL;

-- Signatures of one petition that somebody rejects or restores, many at once.
CREATE TABLE bulk_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  account_id bigint NOT NULL REFERENCES accounts,
  direction text NOT NULL CHECK (direction IN ('rejection', 'restoration')),
  selection jsonb NOT NULL,
  undoes bigint REFERENCES bulk_changes,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
  state text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'running', 'done', 'cancelled')),
  next_bucket integer NOT NULL DEFAULT 0 CHECK (next_bucket BETWEEN 0 AND 1024),
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL CHECK (total >= 0),
  began_on date NOT NULL,

  CONSTRAINT bulk_changes_undo_by_restoring CHECK (undoes IS NULL OR direction = 'restoration')
);

COMMENT ON COLUMN bulk_changes.selection IS
  'Which signatures. Hour, clusters and address are taken out when the change ends.';
COMMENT ON COLUMN bulk_changes.next_bucket IS 'How far it has come: buckets before it are done.';
COMMENT ON COLUMN bulk_changes.total IS 'How many there were when it was asked for.';

CREATE INDEX bulk_changes_petition_idx ON bulk_changes (petition_id, id DESC);

CREATE INDEX bulk_changes_open_idx ON bulk_changes (id) WHERE state IN ('waiting', 'running');

-- While there is one, nobody can sign this petition, or any where it names none.
CREATE TABLE signing_pauses (
  petition_id bigint UNIQUE NULLS NOT DISTINCT REFERENCES petitions,
  notice_sv text CHECK (char_length(notice_sv) BETWEEN 1 AND 500),
  notice_en text CHECK (char_length(notice_en) BETWEEN 1 AND 500),
  notice_ru text CHECK (char_length(notice_ru) BETWEEN 1 AND 500)
);

COMMENT ON COLUMN signing_pauses.notice_sv IS 'What readers are told; null for the usual sentence.';

-- What signers may not use, beyond what is refused anyway.
CREATE TABLE screening (
  kind text NOT NULL CHECK (kind IN ('refused_domain', 'allowed_domain', 'refused_words')),
  value text NOT NULL CHECK (char_length(value) BETWEEN 2 AND 100),

  PRIMARY KEY (kind, value)
);

COMMENT ON COLUMN screening.value IS
  'A mail domain in ASCII, or words in small letters with single spaces between them.';
