SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Nor does the planner keep samples of when and from where people have signed, of the last bits of
-- their addresses' digests, and of the checksums of files: they outlive the rows, and stay for good
-- where a table is empty afterwards. A column that is given its own type loses those it has;
-- not so `bucket`, by which rows are spread over machines.
ALTER TABLE signatures
  ALTER COLUMN country TYPE text,
  ALTER COLUMN mail_due_at TYPE timestamptz,
  ALTER COLUMN mail_pause_until TYPE timestamptz,
  ALTER COLUMN arrived_hour TYPE timestamptz,
  ALTER COLUMN network_cluster TYPE text,
  ALTER COLUMN domain_cluster TYPE text;

ALTER TABLE signatures
  ALTER COLUMN bucket SET STATISTICS 0,
  ALTER COLUMN country SET STATISTICS 0,
  ALTER COLUMN mail_due_at SET STATISTICS 0,
  ALTER COLUMN mail_pause_until SET STATISTICS 0,
  ALTER COLUMN arrived_hour SET STATISTICS 0,
  ALTER COLUMN network_cluster SET STATISTICS 0,
  ALTER COLUMN domain_cluster SET STATISTICS 0;

ALTER TABLE signature_counts ALTER COLUMN bucket SET STATISTICS 0;

ALTER TABLE signature_statistics ALTER COLUMN value TYPE text;

ALTER TABLE signature_statistics ALTER COLUMN value SET STATISTICS 0;

ALTER TABLE exports ALTER COLUMN sha256 TYPE text;

ALTER TABLE exports ALTER COLUMN sha256 SET STATISTICS 0;

ALTER TABLE hand_overs ALTER COLUMN sha256 TYPE text;

ALTER TABLE hand_overs ALTER COLUMN sha256 SET STATISTICS 0;
