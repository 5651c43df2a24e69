import type { Request, RequestHandler } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { AppError } from '../errors.ts';

/** So many forms with files are in memory at once, each until it is answered. */
const AT_ONCE = 8;

/** And so many of one account: whoever sends half of them does not hold up the others. */
const OF_ONE_ACCOUNT = 2;

/** A file that a form brought along. */
export interface Upload {
  /** Without folders, as its sender calls it. */
  name: string;
  /** Null when there are more of them than may be. */
  bytes: Buffer | null;
  /** The account that sent it. */
  sender: string;
}

/**
 * Reads forms that bring one file along (`multipart/form-data`): the file into memory, at most so
 * many bytes of it, and the fields beside it like those of any form. Of a larger file nothing is
 * kept, and the page can say so beside what was typed. Throws with status 400 for a form that no
 * browser sends, and 413 for one that is much too large; AppError `busy` before anything is read
 * while there are too many, of everybody or of the account. To be used behind `sessions`.
 */
export function uploads(largest: number): RequestHandler {
  const read = multer({
    storage: inMemory(largest),
    defParamCharset: 'utf8',
    limits: {
      files: 1,
      fields: 20,
      fieldSize: 64 * 1024,
      fieldNameSize: 100,
      fieldNestingDepth: 0,
    },
  }).any();
  const underWay: string[] = [];
  return (req, res, next) => {
    if (!req.is('multipart/form-data')) {
      next();
      return;
    }
    if (Number(req.headers['content-length']) > 4 * largest) {
      next(Object.assign(new Error('A file is much too large'), { status: 413 }));
      return;
    }
    const { account_id = '' } = req.session;
    const own = underWay.filter((id) => id === account_id);
    if (underWay.length >= AT_ONCE || own.length >= OF_ONE_ACCOUNT) {
      next(new AppError('busy', 'errors:many_files'));
      return;
    }
    underWay.push(account_id);
    res.once('close', () => {
      underWay.splice(underWay.indexOf(account_id), 1);
    });
    let isRead = false;
    read(req, res, (error: unknown) => {
      if (isRead) return; // it tells again when a connection ends after an error
      isRead = true;
      if (error instanceof Error) {
        const isNoForm = error instanceof MulterError || !('code' in error);
        next(isNoForm ? Object.assign(error, { status: 400 }) : error);
      } else {
        next();
      }
    });
  };
}

/** The file that came with a form, or null where none was chosen. */
export function uploadIn({ files, session }: Request): Upload | null {
  const [file] = Array.isArray(files) ? files : [];
  if (file === undefined || file.size === 0) return null;
  const { originalname: name, buffer, size } = file;
  const bytes = size > buffer.length ? null : buffer;
  return { name, bytes, sender: session.account_id ?? '' };
}

/** The field of the form that brought a file along, or null. */
export const fileFieldIn = ({ files }: Request): string | null =>
  (Array.isArray(files) ? files : []).find(({ size }) => size > 0)?.fieldname ?? null;

const inMemory = (largest: number): StorageEngine => ({
  _handleFile(_req, { stream }, done) {
    let chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= largest) chunks.push(chunk);
      else chunks = [];
    });
    stream.on('error', done);
    stream.on('end', () => {
      done(null, { buffer: Buffer.concat(chunks), size: length });
    });
  },
  _removeFile(_req, _file, done) {
    done(null);
  },
});
