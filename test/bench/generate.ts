import pg from 'pg';
import { z } from 'zod';

/** Where signers are: 40 of them. */
const COUNTRIES =
  'SE SE SE SE SE SE SE SE DE DE DE DE DE RU RU RU RU FI FI FI NO NO FR FR GB US US PL NL EE LV LT GE AM IT ES CA DK BY UA';

/** Titles are made of these: 24 of each language. */
const WORDS = {
  sv: 'rädda biblioteket skolan parken sjön skogen järnvägen badhuset sjukhuset bättre lärare böcker cyklar bussar barnen gamla träd luft vatten rättvisa löner bostäder konst musik',
  en: 'save library school park lake forest railway pool hospital better teachers books bicycles buses children old trees air water fair wages housing art music',
  ru: 'спасите библиотеку школу парк озеро лес дорогу бассейн больницу лучше учителя книги велосипеды автобусы дети старые деревья воздух вода честные зарплаты жильё искусство музыка',
};

/** Where page 10,000 of the reasons begins, at 20 to a page. */
const DEEP = 10_000 * 20;

/**
 * Adds petitions, and fills the first of all with confirmed signatures, every one with a
 * reason and every fourth with a name; the others share a fifth as many. The rows are as long as
 * real ones, and what is sealed in them is one of `boxes`.
 */
export async function createGenerated(
  databaseUrl: string,
  number: number,
  petitions = 10_000,
  boxes: readonly Buffer[] = [Buffer.alloc(305, 0x5a)],
) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `
    INSERT INTO petitions (slug, original_language, goal, topic, opened_on, closes_on, submitted_on)
    SELECT 'generated-' || n, (ARRAY['sv', 'en', 'ru'])[1 + n % 3], 1000 + n,
      (ARRAY['rights', 'migration', 'environment', 'health', 'education', 'work', 'city'])[1 + n % 7],
      current_date - 200 - n % 300, current_date + (n % 5 - 2) * 30 + 1,
      CASE n % 5 WHEN 0 THEN current_date - 20 END
    FROM generate_series(1, $1::integer) AS n
    ON CONFLICT DO NOTHING`,
    [petitions],
  );
  await client.query(
    `
    INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
      initiator_name, initiator_place)
    SELECT p.id, p.original_language, initcap(w.title) || ' ' || p.id, 'The recipient',
      repeat(w.title || '. ', 30) || repeat('Text. ', 100), 'Because.', 'Thank you', 'Somebody',
      'Somewhere'
    FROM petitions AS p
    CROSS JOIN LATERAL (
      SELECT string_agg((CASE p.original_language WHEN 'sv' THEN $1::text[] WHEN 'ru' THEN $3
        ELSE $2 END)[1 + (p.id * k * 7919 + k * k) % 24], ' ') AS title
      FROM generate_series(1, 5) AS k
    ) AS w
    WHERE p.slug LIKE 'generated-%'
    ON CONFLICT DO NOTHING`,
    [WORDS.sv, WORDS.en, WORDS.ru].map((words) => words.split(' ')),
  );
  await client.query(`
    INSERT INTO export_keys (petition_id, public_key, private_key_locked)
    SELECT p.id, sha256(convert_to(p.slug, 'UTF8')), '\\x00'
    FROM petitions AS p
    WHERE NOT EXISTS (SELECT FROM export_keys AS k WHERE k.petition_id = p.id)`);
  await client.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, public_name,
       public_place, country, reason, sealed, language, signed_on, confirmed_on, sequence)
     SELECT CASE WHEN d.n % 6 = 0 THEN p.first + d.n / 6 % p.number ELSE p.first END, (get_byte(d.digest, 14) & 3) * 256 + get_byte(d.digest, 15), d.digest,
       'confirmed', CASE d.n % 4 WHEN 0 THEN 'public' ELSE 'anonymous' END,
       CASE d.n % 4 WHEN 0 THEN 'Signer number ' || d.n END, CASE d.n % 4 WHEN 0 THEN 'Uppsala' END,
       (string_to_array($2, ' '))[1 + (d.n::bigint * 7919) % 40],
       'Reason number ' || d.n || ' for which somebody signed.', d.sealed, 'en',
       current_date - (power(d.n % 997 / 997.0, 2) * 100)::integer,
       current_date - (power(d.n % 997 / 997.0, 2) * 100)::integer, nextval('signature_sequence')
     FROM (SELECT min(id) AS first, count(*) AS number FROM petitions) AS p
     CROSS JOIN (
       SELECT n, uuid_send(gen_random_uuid()) AS digest, ($3::bytea[])[1 + n % $4::integer] AS sealed
       FROM generate_series(1, $1::integer * 6 / 5) AS n
     ) AS d`,
    [number, COUNTRIES, boxes, boxes.length],
  );
  await client.query(`
    INSERT INTO signature_counts AS c (petition_id, bucket, signatures)
    SELECT s.petition_id, s.bucket, count(*) FROM signatures AS s
    WHERE s.state = 'confirmed' GROUP BY s.petition_id, s.bucket
    ON CONFLICT (petition_id, bucket) DO UPDATE SET signatures = excluded.signatures`);
  await client.query(`
    INSERT INTO petition_totals AS n (petition_id, signatures, recent)
    SELECT p.id, coalesce(sum(c.signatures), 0), coalesce(sum(c.signatures), 0) % 97
    FROM petitions AS p LEFT JOIN signature_counts AS c ON c.petition_id = p.id
    GROUP BY p.id
    ON CONFLICT (petition_id) DO UPDATE SET signatures = excluded.signatures`);
  await client.query('VACUUM ANALYZE');
  const { rows } = await client.query(`SELECT max(sequence)::text AS last FROM signatures`);
  await client.end();
  const last = Number(z.object({ last: z.string() }).parse(rows[0]).last);
  return { deepPage: last - DEEP };
}
