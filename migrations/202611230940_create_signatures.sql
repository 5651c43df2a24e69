SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- The order in which signatures were confirmed, for paging: no time of day is kept.
CREATE SEQUENCE signature_sequence;

-- One person's signature of one petition. There is no foreign key to petitions, on purpose: every
-- signer would lock the one petition row.
CREATE TABLE signatures (
  petition_id bigint NOT NULL,
  bucket integer NOT NULL,
  email_digest bytea NOT NULL CHECK (octet_length(email_digest) = 16),
  state text NOT NULL CHECK (state IN ('pending', 'confirmed', 'rejected')),
  nonce bytea NOT NULL DEFAULT substr(uuid_send(gen_random_uuid()), 1, 6)
    CHECK (octet_length(nonce) = 6),
  version integer NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 1000000),
  visibility text NOT NULL CHECK (visibility IN ('public', 'anonymous', 'secret')),
  public_name text CHECK (char_length(public_name) BETWEEN 1 AND 100),
  public_place text CHECK (char_length(public_place) BETWEEN 1 AND 80),
  country text CHECK (country ~ '^[A-Z]{2}$'),
  reason text CHECK (char_length(reason) BETWEEN 1 AND 1000),
  sealed bytea,
  language text NOT NULL CHECK (language IN ('sv', 'en', 'ru')),
  signed_on date NOT NULL,
  confirmed_on date,
  sequence bigint,
  mail_kind text CHECK (mail_kind IN ('confirmation', 'signed_already')),
  mail_due_at timestamptz,
  mail_attempts integer NOT NULL DEFAULT 0,
  mail_locked bytea,
  mails integer NOT NULL DEFAULT 0,
  mail_pause_until timestamptz,

  PRIMARY KEY (petition_id, bucket, email_digest),
  CONSTRAINT signatures_bucket_of_digest CHECK (
    bucket = (get_byte(email_digest, 14) & 3) * 256 + get_byte(email_digest, 15)
  ),
  CONSTRAINT signatures_show_only_what_was_chosen CHECK (
    CASE visibility
      WHEN 'public' THEN public_name IS NOT NULL
      WHEN 'anonymous' THEN num_nonnulls(public_name, public_place) = 0
      ELSE num_nonnulls(public_name, public_place, reason, sealed) = 0
    END
  ),
  CONSTRAINT signatures_pending_until_confirmed CHECK (
    num_nonnulls(sequence, confirmed_on) = CASE state WHEN 'pending' THEN 0 ELSE 2 END
  ),
  CONSTRAINT signatures_owe_a_mail_or_none CHECK (
    num_nonnulls(mail_kind, mail_due_at, mail_locked) IN (0, 3)
  )
);

COMMENT ON COLUMN signatures.email_digest IS
  'HMAC-SHA256 over petition and normalised address, first 16 bytes: the same person again.';
COMMENT ON COLUMN signatures.bucket IS
  'The low 10 bits of email_digest: spreads one petition over counters and machines.';
COMMENT ON COLUMN signatures.nonce IS
  'Part of every link to this row, so that the links die with it.';
COMMENT ON COLUMN signatures.version IS
  'Raised when a pending signature is replaced: the link of a mail confirms what it said then.';
COMMENT ON COLUMN signatures.sealed IS
  'Name, address, place and postal code, sealed to the export keys. The site cannot read it.';
COMMENT ON COLUMN signatures.mail_locked IS
  'The address of the mail that this row is owed; emptied when SMTP has taken it.';
COMMENT ON COLUMN signatures.mails IS 'Confirmation mails so far; at most 5.';
COMMENT ON COLUMN signatures.mail_pause_until IS
  'No further mail is owed before then. Emptied at confirmation and when it has passed.';

-- Reasons, newest first.
CREATE INDEX signatures_reasons_idx ON signatures (petition_id, sequence DESC)
WHERE state = 'confirmed' AND reason IS NOT NULL;

-- Mails that are owed.
CREATE INDEX signatures_mail_due_idx ON signatures (mail_due_at)
WHERE mail_due_at IS NOT NULL;

CREATE INDEX signatures_mail_pause_idx ON signatures (mail_pause_until)
WHERE mail_pause_until IS NOT NULL;

-- Unconfirmed signatures that have waited for too long.
CREATE INDEX signatures_pending_idx ON signatures (signed_on)
WHERE state = 'pending';

-- Confirmed signatures, counted in the statement that confirms; many counters, so that signers of
-- one petition do not wait for each other.
CREATE TABLE signature_counts (
  petition_id bigint NOT NULL,
  bucket integer NOT NULL CHECK (bucket BETWEEN 0 AND 1023),
  signatures integer NOT NULL CHECK (signatures >= 0),

  PRIMARY KEY (petition_id, bucket)
);
