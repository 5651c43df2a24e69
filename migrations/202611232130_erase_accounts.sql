SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- An account can be erased. What belongs to nobody else goes with it.
ALTER TABLE petition_members DROP CONSTRAINT petition_members_account_id_fkey;
ALTER TABLE petition_members ADD CONSTRAINT petition_members_account_id_fkey
  FOREIGN KEY (account_id) REFERENCES accounts ON DELETE CASCADE;

ALTER TABLE petition_drafts DROP CONSTRAINT petition_drafts_account_id_fkey;
ALTER TABLE petition_drafts ADD CONSTRAINT petition_drafts_account_id_fkey
  FOREIGN KEY (account_id) REFERENCES accounts ON DELETE CASCADE;

ALTER TABLE petition_invitations DROP CONSTRAINT petition_invitations_invited_by_fkey;
ALTER TABLE petition_invitations ADD CONSTRAINT petition_invitations_invited_by_fkey
  FOREIGN KEY (invited_by) REFERENCES accounts ON DELETE CASCADE;

ALTER TABLE open_cases DROP CONSTRAINT open_cases_account_id_fkey;
ALTER TABLE open_cases ADD CONSTRAINT open_cases_account_id_fkey
  FOREIGN KEY (account_id) REFERENCES accounts ON DELETE CASCADE;

-- What was done to petitions outlives whoever did it, by number, as the log does.
ALTER TABLE exports DROP CONSTRAINT exports_account_id_fkey;
ALTER TABLE hand_overs DROP CONSTRAINT hand_overs_account_id_fkey;
ALTER TABLE bulk_changes DROP CONSTRAINT bulk_changes_account_id_fkey;
ALTER TABLE decisions DROP CONSTRAINT decisions_account_id_fkey;

COMMENT ON COLUMN exports.account_id IS
  'Null for the operator, by hand. No foreign key: it may be erased.';
COMMENT ON COLUMN hand_overs.account_id IS
  'Null for the operator, by hand. No foreign key: it may be erased.';
COMMENT ON COLUMN bulk_changes.account_id IS 'No foreign key: it may be erased.';
COMMENT ON COLUMN decisions.account_id IS
  'Null for the operator, by hand. No foreign key: it may be erased.';

-- Nor does the planner keep samples of what an account was: see the destruction of signatures.
ALTER TABLE accounts
  ALTER COLUMN email_digest TYPE bytea,
  ALTER COLUMN email_locked TYPE bytea,
  ALTER COLUMN password_hash TYPE text,
  ALTER COLUMN totp_locked TYPE bytea;

ALTER TABLE accounts
  ALTER COLUMN email_digest SET STATISTICS 0,
  ALTER COLUMN email_locked SET STATISTICS 0,
  ALTER COLUMN password_hash SET STATISTICS 0,
  ALTER COLUMN totp_locked SET STATISTICS 0;

ALTER TABLE petition_drafts
  ALTER COLUMN content TYPE jsonb,
  ALTER COLUMN note TYPE text;

ALTER TABLE petition_drafts
  ALTER COLUMN content SET STATISTICS 0,
  ALTER COLUMN note SET STATISTICS 0;

ALTER TABLE petition_invitations
  ALTER COLUMN email_digest TYPE bytea,
  ALTER COLUMN email_locked TYPE bytea;

ALTER TABLE petition_invitations
  ALTER COLUMN email_digest SET STATISTICS 0,
  ALTER COLUMN email_locked SET STATISTICS 0;

ALTER TABLE mails ALTER COLUMN mail_locked TYPE bytea;

ALTER TABLE mails ALTER COLUMN mail_locked SET STATISTICS 0;
