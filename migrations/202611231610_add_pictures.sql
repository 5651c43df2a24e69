SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- The picture of a petition or of a draft. Never changed: another picture has another id. One that
-- nothing refers to is deleted with what let it go.
CREATE TABLE pictures (
  id text PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9_-]{22}$'),
  width integer NOT NULL CHECK (width BETWEEN 1 AND 1600),
  height integer NOT NULL CHECK (height BETWEEN 1 AND 1600)
);

COMMENT ON COLUMN pictures.id IS
  '128 random bits: the address of a draft''s picture is found by nobody who was not told.';
COMMENT ON COLUMN pictures.width IS 'Of the largest file, in pixels.';

-- The same picture in several widths, as WebP made by us: nothing else is left of what was uploaded.
CREATE TABLE picture_files (
  picture_id text NOT NULL REFERENCES pictures ON DELETE CASCADE,
  width integer NOT NULL CHECK (width BETWEEN 1 AND 1600),
  bytes bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 8388608),

  PRIMARY KEY (picture_id, width)
);

-- WebP is compressed already.
ALTER TABLE picture_files ALTER COLUMN bytes SET STORAGE EXTERNAL;

ALTER TABLE petitions ADD COLUMN picture_id text REFERENCES pictures;

ALTER TABLE petition_drafts ADD COLUMN picture_id text REFERENCES pictures;

-- Whether anything refers to a picture is asked when it is let go.
CREATE INDEX petitions_picture_idx ON petitions (picture_id) WHERE picture_id IS NOT NULL;

CREATE INDEX petition_drafts_picture_idx ON petition_drafts (picture_id)
WHERE picture_id IS NOT NULL;

-- What is seen in the picture, in words.
ALTER TABLE petition_texts ADD COLUMN picture_alt text NOT NULL DEFAULT '';
ALTER TABLE petition_texts ADD CONSTRAINT petition_texts_picture_alt_is_short
  CHECK (char_length(picture_alt) <= 300);

ALTER TABLE petition_revisions ADD COLUMN picture_alt text NOT NULL DEFAULT '';
