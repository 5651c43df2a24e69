SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Who was asked to look after a petition and has not answered yet. An answer deletes the row, and
-- so does a job when it is too old.
CREATE TABLE petition_invitations (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  email_digest bytea NOT NULL CHECK (octet_length(email_digest) = 16),
  email_locked bytea NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'editor')),
  invited_by bigint NOT NULL REFERENCES accounts,
  expires_on date NOT NULL,

  CONSTRAINT petition_invitations_one_per_address UNIQUE (petition_id, email_digest)
);

COMMENT ON COLUMN petition_invitations.email_digest IS
  'The digest by which accounts are found: only an account of this address may accept.';
COMMENT ON COLUMN petition_invitations.email_locked IS
  'The address, locked with a derived key: the owners see whom they have invited.';
COMMENT ON COLUMN petition_invitations.invited_by IS
  'The invitation holds as long as this is an owner who can sign in.';
COMMENT ON COLUMN petition_invitations.expires_on IS
  'It can be accepted until this day begins in Europe/Stockholm.';

CREATE INDEX petition_invitations_email_idx ON petition_invitations (email_digest);

CREATE INDEX petition_invitations_expiring_idx ON petition_invitations (expires_on);
