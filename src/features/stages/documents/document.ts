import { z } from 'zod';

/** As large as the database allows. */
export const LARGEST_DOCUMENT = 8 * 1024 * 1024;

/** The name of a document in its address, which nobody can guess. */
export const DOCUMENT_ID = /^[0-9a-f]{32}$/;

/** A file that was published with an entry. */
export const Document = z.object({
  content: z.instanceof(Buffer),
  /** Of the petition: what it is saved as. */
  slug: z.string(),
});

export type Document = z.output<typeof Document>;

/** How near its end a PDF says that it ends. */
const END = 1024;

/** Whether a file begins and ends like a PDF. What lies between is for its reader to judge. */
export const isPdf = (file: Buffer): boolean =>
  file.subarray(0, 5).equals(Buffer.from('%PDF-')) && file.subarray(-END).includes('%%EOF');
