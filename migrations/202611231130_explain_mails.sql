SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

COMMENT ON COLUMN signatures.mails IS
  'Confirmation mails so far. After each one there is a pause of a minute, after the fifth of a day.';
