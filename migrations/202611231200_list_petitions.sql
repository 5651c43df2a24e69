SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Trigrams of words find what is misspelt. The extension comes with PostgreSQL and is trusted: the
-- owner of a database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Letters as somebody in a hurry types them: small, without marks, and Cyrillic ones as signs that
-- trigrams know whatever the database's character type is.
CREATE FUNCTION searchable(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(
  lower(words),
  'åäáàâãæöøóòôõéèêëíìîïúùûüýçñßабвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  'aaaaaaaooooooeeeeiiiiuuuuycnsabvgdee1ziyklmnoprstufxc23456789jw'
);

-- What a version says, stemmed the way its language is.
ALTER TABLE petition_texts ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
  CASE language
    WHEN 'sv' THEN setweight(to_tsvector('swedish', title), 'A')
      || setweight(to_tsvector('swedish', recipient), 'B')
      || setweight(to_tsvector('swedish', text || ' ' || reason), 'D')
    WHEN 'ru' THEN setweight(to_tsvector('russian', title), 'A')
      || setweight(to_tsvector('russian', recipient), 'B')
      || setweight(to_tsvector('russian', text || ' ' || reason), 'D')
    ELSE setweight(to_tsvector('english', title), 'A')
      || setweight(to_tsvector('english', recipient), 'B')
      || setweight(to_tsvector('english', text || ' ' || reason), 'D')
  END
) STORED;

CREATE INDEX petition_texts_search_idx ON petition_texts USING gin (search);

CREATE INDEX petition_texts_misspelt_idx ON petition_texts
USING gin (searchable(title || ' ' || recipient) gin_trgm_ops);

-- The stages that follow the collection, each with the day on which it was reached.
ALTER TABLE petitions
  ADD COLUMN topic text NOT NULL DEFAULT 'other',
  ADD COLUMN submitted_on date,
  ADD COLUMN dialogue_on date,
  ADD COLUMN decided_on date;

ALTER TABLE petitions ADD CONSTRAINT petitions_topic_is_known CHECK (topic IN ('rights', 'migration',
  'democracy', 'environment', 'health', 'education', 'work', 'city', 'culture', 'animals', 'other'));

ALTER TABLE petitions ADD CONSTRAINT petitions_stages_follow_each_other CHECK (
  submitted_on >= closes_on
  AND dialogue_on >= submitted_on
  AND decided_on >= coalesce(dialogue_on, submitted_on)
  AND (submitted_on IS NOT NULL OR num_nonnulls(dialogue_on, decided_on) = 0)
);

CREATE INDEX petitions_ending_idx ON petitions (closes_on, id);

CREATE INDEX petitions_topic_idx ON petitions (topic, opened_on DESC, id DESC);

-- The sum of a petition's counters, for lists and for orders by it. It follows the counters within
-- a second and is no part of what confirms.
CREATE TABLE petition_totals (
  petition_id bigint PRIMARY KEY REFERENCES petitions,
  signatures integer NOT NULL DEFAULT 0 CHECK (signatures >= 0),
  recent integer NOT NULL DEFAULT 0 CHECK (recent >= 0),
  statistics_due boolean NOT NULL DEFAULT true,
  counted_on date
);

COMMENT ON COLUMN petition_totals.signatures IS
  'Confirmed here and collected elsewhere.';
COMMENT ON COLUMN petition_totals.recent IS
  'Confirmed here within the last seven days.';
COMMENT ON COLUMN petition_totals.statistics_due IS
  'The counters have changed since the statistics were made.';
COMMENT ON COLUMN petition_totals.counted_on IS
  'The day on which the statistics were made. Countries and languages end with the day before.';

INSERT INTO petition_totals (petition_id, signatures)
SELECT p.id, coalesce(sum(c.signatures), 0)
FROM petitions AS p
LEFT JOIN signature_counts AS c ON c.petition_id = p.id
GROUP BY p.id;

CREATE INDEX petition_totals_signatures_idx ON petition_totals (signatures DESC, petition_id DESC);

CREATE INDEX petition_totals_recent_idx ON petition_totals (recent DESC, petition_id DESC);

CREATE INDEX petition_totals_due_idx ON petition_totals (petition_id) WHERE statistics_due;

-- Signatures collected elsewhere: on paper, on a partner's site.
CREATE TABLE external_counts (
  petition_id bigint NOT NULL REFERENCES petitions,
  source text NOT NULL CHECK (char_length(source) BETWEEN 1 AND 80),
  signatures integer NOT NULL CHECK (signatures >= 0),
  reported_on date NOT NULL,

  PRIMARY KEY (petition_id, source)
);

-- What the statistics page counts, each by itself: nothing joins the day of a signature with its
-- country.
CREATE TABLE signature_statistics (
  petition_id bigint NOT NULL REFERENCES petitions,
  kind text NOT NULL CHECK (kind IN ('day', 'country', 'language')),
  value text NOT NULL,
  signatures integer NOT NULL CHECK (signatures > 0),

  PRIMARY KEY (petition_id, kind, value)
);

COMMENT ON COLUMN signature_statistics.value IS
  'A day (2026-11-23), a country (SE, or empty where it is not known), a language (sv).';

-- Signers whose name everybody may read, newest first.
CREATE INDEX signatures_supporters_idx ON signatures (petition_id, sequence DESC)
WHERE state = 'confirmed' AND visibility = 'public';

-- What a version of a petition said before each published change. Never changed itself.
CREATE TABLE petition_revisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL,
  language text NOT NULL,
  replaced_on date NOT NULL,
  title text NOT NULL,
  recipient text NOT NULL,
  text text NOT NULL,
  reason text NOT NULL,
  thanks text NOT NULL,
  initiator_name text NOT NULL,
  initiator_place text NOT NULL,

  FOREIGN KEY (petition_id, language) REFERENCES petition_texts
);

CREATE INDEX petition_revisions_newest_idx ON petition_revisions (petition_id, id DESC);

COMMENT ON COLUMN petition_revisions.replaced_on IS
  'The day on which the next version was published in its place.';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER petition_revisions_are_immutable BEFORE UPDATE OR DELETE ON petition_revisions
FOR EACH ROW EXECUTE FUNCTION refuse_change();
