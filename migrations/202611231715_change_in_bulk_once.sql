SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- The same change is under way once, however often its form is sent.
CREATE UNIQUE INDEX bulk_changes_open_once
ON bulk_changes (petition_id, direction, undoes, md5(selection::text)) NULLS NOT DISTINCT
WHERE state IN ('waiting', 'running');
