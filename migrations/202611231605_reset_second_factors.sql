SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Whose lost second factor an admin has asked to take away. Another admin has to agree within a day.
CREATE TABLE second_factor_resets (
  account_id bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  asked_by bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
  asked_at timestamptz NOT NULL DEFAULT now(),

  CONSTRAINT second_factor_resets_are_for_others CHECK (account_id <> asked_by)
);

-- What an account did, and what was done at a time, for those who read the log.
CREATE INDEX audit_log_account_idx ON audit_log (account_id, id DESC);
