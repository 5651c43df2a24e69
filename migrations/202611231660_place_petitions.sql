SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

ALTER TABLE petitions ADD COLUMN region text;

ALTER TABLE petitions ADD CONSTRAINT petitions_region_is_a_code CHECK (
  region ~ '^[A-Z]{2}$' OR region = '001'
);

COMMENT ON COLUMN petitions.region IS
  'What part of the world it is about: a country (ISO 3166-1 alpha-2), EU, or 001 for all of it (UN M49). Null for none.';

CREATE INDEX petitions_region_idx ON petitions (region, opened_on DESC, id DESC)
WHERE region IS NOT NULL;
