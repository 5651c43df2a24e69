import type { Pool, PoolClient } from 'pg';
import { asAppError } from './outage.ts';

/** All or nothing: commits what `work` did, or rolls it back and throws what it threw. */
export async function transaction<T>(pool: Pool, work: (db: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asAppError(error);
  });
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    const broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client.release(broken);
    throw asAppError(error);
  }
}
