SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- How long signatures are kept, and that they are no longer.
ALTER TABLE petitions
  ADD COLUMN retention_months integer NOT NULL DEFAULT 6,
  ADD COLUMN destruction_day date,
  ADD COLUMN destroyed_on date;

ALTER TABLE petitions ADD CONSTRAINT petitions_retention_is_bounded
  CHECK (retention_months BETWEEN 1 AND 24);

-- No step leads a petition back to where it could be signed.
ALTER TABLE petitions ADD CONSTRAINT petitions_destroyed_stay_closed
  CHECK (destroyed_on > closes_on);

COMMENT ON COLUMN petitions.retention_months IS
  'Signatures are kept for so long after the last stage that was reached.';
COMMENT ON COLUMN petitions.destruction_day IS
  'The day that the owners were told, two weeks before or earlier. It holds unless the period ends later.';
COMMENT ON COLUMN petitions.destroyed_on IS
  'When the destruction of its signatures began: from then on nothing of them is written or told.';

-- What saving and confirming a signature look at: few, and mostly none.
CREATE INDEX petitions_destroyed_idx ON petitions (id) WHERE destroyed_on IS NOT NULL;

-- What looks every day for petitions whose period ends.
CREATE INDEX petitions_retained_idx ON petitions (closes_on) WHERE destroyed_on IS NULL;

-- How far the destruction of a petition's signatures has come.
CREATE TABLE destructions (
  petition_id bigint PRIMARY KEY REFERENCES petitions,
  finished_on date,
  compacted_on date,

  CONSTRAINT destructions_compact_what_is_finished CHECK (
    compacted_on IS NULL OR finished_on IS NOT NULL
  )
);

COMMENT ON COLUMN destructions.finished_on IS 'No row of its signatures is left.';
COMMENT ON COLUMN destructions.compacted_on IS
  'Nor are their bytes: what was deleted stays in the files of a table until it is written anew.';

CREATE INDEX destructions_open_idx ON destructions (petition_id) WHERE compacted_on IS NULL;

-- The planner's statistics are samples of what columns hold, kept in another table and for as long
-- as it likes. It needs none of these; a column that is given its own type loses those it has.
ALTER TABLE signatures
  ALTER COLUMN email_digest TYPE bytea,
  ALTER COLUMN nonce TYPE bytea,
  ALTER COLUMN public_name TYPE text,
  ALTER COLUMN public_place TYPE text,
  ALTER COLUMN reason TYPE text,
  ALTER COLUMN sealed TYPE bytea,
  ALTER COLUMN mail_locked TYPE bytea;

ALTER TABLE signatures
  ALTER COLUMN email_digest SET STATISTICS 0,
  ALTER COLUMN nonce SET STATISTICS 0,
  ALTER COLUMN public_name SET STATISTICS 0,
  ALTER COLUMN public_place SET STATISTICS 0,
  ALTER COLUMN reason SET STATISTICS 0,
  ALTER COLUMN sealed SET STATISTICS 0,
  ALTER COLUMN mail_locked SET STATISTICS 0;

ALTER TABLE bulk_changes
  ALTER COLUMN selection TYPE jsonb,
  ALTER COLUMN reason TYPE text;

ALTER TABLE bulk_changes
  ALTER COLUMN selection SET STATISTICS 0,
  ALTER COLUMN reason SET STATISTICS 0;

ALTER TABLE export_keys
  ALTER COLUMN public_key TYPE bytea,
  ALTER COLUMN private_key_locked TYPE bytea;

ALTER TABLE export_keys
  ALTER COLUMN public_key SET STATISTICS 0,
  ALTER COLUMN private_key_locked SET STATISTICS 0;
