SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- Somebody who was named with a petition, and is in danger, has to be able to vanish from it, also
-- from what it said before: the one change that a revision takes.
CREATE FUNCTION only_names_are_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  names CONSTANT text[] := '{initiator_name,initiator_place,translator}';
BEGIN
  IF TG_OP = 'UPDATE'
    AND to_jsonb(NEW) - names = to_jsonb(OLD) - names
    AND NEW.initiator_name IN ('', OLD.initiator_name)
    AND NEW.initiator_place IN ('', OLD.initiator_place)
    AND (NEW.translator IS NULL OR NEW.translator = OLD.translator)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END
$$;

DROP TRIGGER petition_revisions_are_immutable ON petition_revisions;

CREATE TRIGGER petition_revisions_are_immutable BEFORE UPDATE OR DELETE ON petition_revisions
FOR EACH ROW EXECUTE FUNCTION only_names_are_forgotten();
