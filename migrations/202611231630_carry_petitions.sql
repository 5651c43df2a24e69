SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- How a petition goes on after it has opened.
ALTER TABLE petitions
  ADD COLUMN first_closes_on date,
  ADD COLUMN extended_on date,
  ADD COLUMN ended_early_from date,
  ADD COLUMN outcome text,
  ADD COLUMN stages_version integer NOT NULL DEFAULT 1;

COMMENT ON COLUMN petitions.first_closes_on IS
  'The day that signers were told at first; null for a collection that was not extended.';
COMMENT ON COLUMN petitions.ended_early_from IS
  'The day on which the collection would have closed; null unless it was ended before.';
COMMENT ON COLUMN petitions.outcome IS
  'What was decided. Null until then, and where it was decided before outcomes were noted.';
COMMENT ON COLUMN petitions.stages_version IS
  'Raised by each step and by each change of an entry: whoever acts on an older one is told.';

ALTER TABLE petitions DROP CONSTRAINT petitions_stages_follow_each_other;

ALTER TABLE petitions ADD CONSTRAINT petitions_stages_follow_each_other CHECK (
  num_nonnulls(first_closes_on, extended_on) <> 1
  AND extended_on >= opened_on
  AND extended_on < first_closes_on
  AND extended_on <= closes_on
  AND first_closes_on < coalesce(ended_early_from, closes_on)
  AND (
    extended_on IS NULL
    OR coalesce(ended_early_from, closes_on) <= opened_on + interval '12 months'
  )
  AND closes_on < ended_early_from
  AND submitted_on >= closes_on
  AND dialogue_on >= submitted_on
  AND decided_on >= coalesce(dialogue_on, submitted_on)
  AND (submitted_on IS NOT NULL OR num_nonnulls(dialogue_on, decided_on) = 0)
  AND outcome IN ('accepted', 'partly', 'declined', 'no_answer')
  AND (outcome IS NULL OR decided_on IS NOT NULL)
);

-- What happened to a petition after its collection, in the words of those who look after it.
CREATE TABLE stage_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  petition_id bigint NOT NULL REFERENCES petitions,
  stage text NOT NULL CHECK (stage IN ('submission', 'dialogue', 'decision')),
  happened_on date NOT NULL,
  language text NOT NULL CHECK (language IN ('sv', 'en', 'ru')),
  recipient text CHECK (char_length(recipient) BETWEEN 1 AND 200),
  text text NOT NULL CHECK (char_length(text) <= 5000),
  corrected_on date,

  CONSTRAINT stage_entries_name_whom_it_was_submitted_to CHECK (
    recipient IS NULL OR stage = 'submission'
  )
);

COMMENT ON COLUMN stage_entries.text IS 'In Markdown; empty where nothing was said.';
COMMENT ON COLUMN stage_entries.corrected_on IS
  'The last day on which it was corrected after it was published, or null.';

CREATE INDEX stage_entries_newest_idx ON stage_entries (petition_id, happened_on DESC, id DESC);

CREATE UNIQUE INDEX stage_entries_once_idx ON stage_entries (petition_id, stage)
WHERE stage <> 'dialogue';

INSERT INTO stage_entries (petition_id, stage, happened_on, language, text)
SELECT p.id, s.stage, s.happened_on, p.original_language, ''
FROM petitions AS p
CROSS JOIN LATERAL (
  VALUES ('submission', p.submitted_on), ('dialogue', p.dialogue_on), ('decision', p.decided_on)
) AS s (stage, happened_on)
WHERE s.happened_on IS NOT NULL;

-- Files that everybody may download who knows their name, which nobody can guess.
CREATE TABLE documents (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  entry_id bigint NOT NULL UNIQUE REFERENCES stage_entries ON DELETE CASCADE,
  content bytea NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 8388608)
);
