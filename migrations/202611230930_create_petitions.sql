-- Citus changes one shard at a time only when told so; plain PostgreSQL takes the setting as a name.
SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Petitions are never deleted: signatures refer to them without a foreign key.
CREATE TABLE petitions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug text NOT NULL UNIQUE
    CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 80),
  original_language text NOT NULL CHECK (original_language IN ('sv', 'en', 'ru')),
  goal integer NOT NULL CHECK (goal > 0),
  opened_on date NOT NULL,
  closes_on date NOT NULL,

  CONSTRAINT petitions_close_after_opening CHECK (closes_on > opened_on)
);

COMMENT ON COLUMN petitions.closes_on IS
  'The collection ends when this day begins in Europe/Stockholm: [opened_on, closes_on).';

-- The newest first.
CREATE INDEX petitions_newest_idx ON petitions (opened_on DESC, id DESC);

-- One language version of a petition, with everything of it that is worded.
CREATE TABLE petition_texts (
  petition_id bigint NOT NULL REFERENCES petitions,
  language text NOT NULL CHECK (language IN ('sv', 'en', 'ru')),
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
  recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 1 AND 200),
  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 20000),
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 5000),
  thanks text NOT NULL CHECK (char_length(thanks) <= 1000),
  initiator_name text NOT NULL CHECK (char_length(initiator_name) BETWEEN 1 AND 100),
  initiator_place text NOT NULL CHECK (char_length(initiator_place) <= 100),

  PRIMARY KEY (petition_id, language)
);

-- Whom a petition's signatures are sealed to.
CREATE TABLE export_keys (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
  private_key_locked bytea NOT NULL
);

CREATE INDEX export_keys_petition_idx ON export_keys (petition_id);

COMMENT ON COLUMN export_keys.private_key_locked IS
  'Custody of the server: X25519 private key, locked with a key derived from SECRET_KEY.';
