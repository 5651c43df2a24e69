SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

ALTER TABLE petition_members ADD COLUMN milestone_mails boolean NOT NULL DEFAULT true;

COMMENT ON COLUMN petition_members.milestone_mails IS
  'Whether they get a mail when a part of the goal is reached.';

ALTER TABLE petition_totals ADD COLUMN milestone integer NOT NULL DEFAULT 0;

ALTER TABLE petition_totals ADD CONSTRAINT petition_totals_milestone_is_known
  CHECK (milestone IN (0, 10, 25, 50, 75, 100));

COMMENT ON COLUMN petition_totals.milestone IS
  'The last part of the goal, in percent, that members were told of. It never falls.';

COMMENT ON COLUMN audit_log.account_id IS
  'Null for what the operator did by hand, and the site by itself. No foreign key: the log outlives accounts.';

-- What was reached before there were such mails is nothing new to anybody.
UPDATE petition_totals AS n
SET milestone = (
  SELECT max(m.percent)
  FROM petitions AS p, unnest('{0,10,25,50,75,100}'::integer[]) AS m (percent)
  WHERE p.id = n.petition_id AND n.signatures::bigint * 100 >= p.goal::bigint * m.percent
);
