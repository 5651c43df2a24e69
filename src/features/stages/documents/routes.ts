import { Router } from 'express';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { AppError } from '../../../errors.ts';
import { DOCUMENT_ID, LARGEST_DOCUMENT, type Document } from './document.ts';
import { findDocument, hasDocument } from './store.ts';

/** So many bytes of the documents that a crowd asks for are kept in memory. */
const KEPT = 4 * LARGEST_DOCUMENT;

/**
 * Published documents, to be saved and never shown: nothing in one may act in the name of this
 * site. One that was taken away is gone at once.
 */
export function documentRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const kept = new LRUCache<string, Document>({
    maxSize: KEPT,
    sizeCalculation: ({ content }) => content.length,
    fetchMethod: async (id) => (await findDocument(db, id)) ?? undefined,
  });

  router.get('/documents/:id.pdf', async (req, res) => {
    const { id } = req.params;
    const isThere = DOCUMENT_ID.test(id) && (await hasDocument(db, id));
    const document = isThere ? await kept.fetch(id) : undefined;
    if (document === undefined) throw new AppError('not_found', 'errors:not_found');
    res
      .attachment(`${document.slug}.pdf`)
      .type('application/pdf')
      .set({
        'Content-Security-Policy': "sandbox; default-src 'none'",
        'Cache-Control': 'no-cache',
        'X-Robots-Tag': 'noindex', // nobody can take it away from where it is indexed
      })
      .send(document.content);
  });

  return router;
}
