/** The rows of an export as PostgreSQL itself hands them over: sealed. */
import pg from 'pg';

const client = new pg.Client({ connectionString: process.env.DATABASE_URL ?? '' });
await client.connect();
const begin = performance.now();
const { rowCount } = await client.query(`
  COPY (
    SELECT s.sequence, s.sealed, s.country, s.language, s.visibility, s.reason, s.signed_on,
      s.confirmed_on
    FROM signatures AS s
    WHERE s.petition_id = (SELECT min(id) FROM petitions) AND s.state = 'confirmed'
      AND s.visibility <> 'secret'
    ORDER BY s.sequence
  ) TO STDOUT`);
console.log(JSON.stringify({ rate: ((rowCount ?? 0) / (performance.now() - begin)) * 1000 }));
await client.end();
