SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Nor does the planner keep samples of what readers have reported: their words repeat those of
-- signers, and would outlive both.
ALTER TABLE reports
  ALTER COLUMN explanation TYPE text,
  ALTER COLUMN email_locked TYPE bytea;

ALTER TABLE reports
  ALTER COLUMN explanation SET STATISTICS 0,
  ALTER COLUMN email_locked SET STATISTICS 0;

ALTER TABLE flagged ALTER COLUMN networks TYPE text[];

ALTER TABLE flagged ALTER COLUMN networks SET STATISTICS 0;
