SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Initiators and admins. There is no account before its address has been confirmed: the link in
-- the mail carries what an account is made of.
CREATE TABLE accounts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email_digest bytea NOT NULL UNIQUE CHECK (octet_length(email_digest) = 16),
  email_locked bytea NOT NULL,
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  language text NOT NULL CHECK (language IN ('sv', 'en', 'ru')),
  role text NOT NULL DEFAULT 'initiator' CHECK (role IN ('initiator', 'moderator', 'admin')),
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
  totp_locked bytea,
  totp_step bigint,
  epoch integer NOT NULL DEFAULT 1,
  created_on date NOT NULL
);

COMMENT ON COLUMN accounts.email_digest IS
  'HMAC of the normalised address: finds an account by what is typed.';
COMMENT ON COLUMN accounts.email_locked IS
  'The address, locked with a derived key: the site has to write to it.';
COMMENT ON COLUMN accounts.totp_locked IS
  'The secret of the second factor (RFC 6238), locked with a derived key. Null without one.';
COMMENT ON COLUMN accounts.epoch IS
  'Sessions of an earlier one are over, also those that a request puts back after they were deleted.';
COMMENT ON COLUMN accounts.totp_step IS
  'The last 30 seconds whose code was used: a code that was looked at is of no use.';

-- Codes for when the second factor is lost. Each is used once, and then it is gone.
CREATE TABLE recovery_codes (
  account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
  code_digest bytea NOT NULL CHECK (octet_length(code_digest) = 32),

  PRIMARY KEY (account_id, code_digest)
);

-- Who is signed in. The cookie is signed with a key that is not in here.
CREATE TABLE sessions (
  sid text PRIMARY KEY,
  sess json NOT NULL,
  expire timestamptz NOT NULL,
  account_id bigint GENERATED ALWAYS AS ((sess ->> 'account_id')::bigint) STORED
    REFERENCES accounts ON DELETE CASCADE
);

CREATE INDEX sessions_account_idx ON sessions (account_id) WHERE account_id IS NOT NULL;

CREATE INDEX sessions_expire_idx ON sessions (expire);

-- Mails that accounts are owed, all of each one locked with a derived key until it is out.
CREATE TABLE mails (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mail_locked bytea NOT NULL,
  due_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0
);

CREATE INDEX mails_due_idx ON mails (due_at);

-- Who did what. Never anything about a signer.
CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  happened_at timestamptz NOT NULL DEFAULT now(),
  account_id bigint,
  action text NOT NULL CHECK (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  petition_id bigint,
  details jsonb NOT NULL DEFAULT '{}'
);

COMMENT ON COLUMN audit_log.account_id IS
  'Null for what the operator did by hand. No foreign key: the log outlives accounts.';

CREATE INDEX audit_log_petition_idx ON audit_log (petition_id, id DESC);

CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_log_is_never_emptied BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
