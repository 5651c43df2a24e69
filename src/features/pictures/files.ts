import { Router } from 'express';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import { findFile, hasFile, isFile } from './store.ts';

/** So many bytes of pictures are kept in memory, for those that a crowd asks for. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The files of pictures, the same for everybody. A file never changes, so a browser that has it need
 * not ask again; but each time one is asked for, the database says whether it is still there
 * and to be seen, and shared caches ask soon: what was taken down is sent no more.
 */
export function pictureFileRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const kept = new LRUCache<string, Buffer>({
    maxSize: MOST_BYTES,
    sizeCalculation: (bytes) => bytes.length,
  });

  const requireFile = async (id: string, width: string): Promise<Buffer> => {
    if (!isFile(id, width)) throw notFound();
    const name = `${id}/${width}`;
    if (!(await hasFile(db, id, Number(width)))) {
      kept.delete(name);
      throw notFound();
    }
    const known = kept.get(name);
    if (known !== undefined) return known;
    const bytes = await findFile(db, id, Number(width));
    if (bytes === null) throw notFound();
    kept.set(name, bytes);
    return bytes;
  };

  router.get('/pictures/:id/:width.webp', async (req, res) => {
    const { id, width } = req.params;
    const bytes = await requireFile(id, width);
    res.removeHeader('Content-Language');
    res.set('Cache-Control', 'public, max-age=31536000, s-maxage=5, immutable');
    res.set('ETag', `"${id}-${width}"`);
    res.type('image/webp').send(bytes);
  });

  return router;
}

const notFound = () => new AppError('not_found', 'errors:not_found');
