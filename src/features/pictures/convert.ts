import pLimit from 'p-limit';
import sharp, { type Metadata } from 'sharp';
import { AppError } from '../../errors.ts';
import { LARGEST_WIDTH, widthsOf } from '../petitions/picture.ts';
import { formatOf, isAnimated } from './format.ts';

/** A picture as it is kept: new files that have nothing but what is seen in them. */
export interface NewPicture {
  width: number;
  height: number;
  files: { width: number; bytes: Buffer }[];
}

/** Why a file cannot be the picture of a petition. */
export type Problem = 'unreadable' | 'animated' | 'too_many_pixels' | 'too_small' | 'too_narrow';

export const MOST_MEGAPIXELS = 50;

/** In pixels, of the smaller side, and how many times as long the other one may be. */
export const SMALLEST_SIDE = 200;
export const LONGEST_SHAPE = 4;

const PATIENCE_S = 20;

/** So many wait while one is converted: each has its file in memory. */
const WAITING = 4;

/** And so many of one sender, also of one who has gone meanwhile and left a file behind. */
const OF_ONE_SENDER = 2;

const QUALITY = 78;

// One picture at a time, and nothing of it is kept: memory stays what it was.
const turns = pLimit(1);
sharp.concurrency(1);
sharp.cache(false);

/** Whose pictures wait or are converted. */
const senders: string[] = [];

/** Throws AppError `busy` when too many pictures wait, or too many of this sender. */
export async function convertPicture(bytes: Buffer, sender: string): Promise<NewPicture | Problem> {
  const own = senders.filter((one) => one === sender);
  if (turns.pendingCount >= WAITING || own.length >= OF_ONE_SENDER) {
    throw new AppError('busy', 'errors:many_files');
  }
  senders.push(sender);
  try {
    return await turns(() => convert(bytes));
  } finally {
    senders.splice(senders.indexOf(sender), 1);
  }
}

/** What sharp throws is about the file: its messages are for nobody here. */
const convert = async (bytes: Buffer): Promise<NewPicture | Problem> =>
  (await problemOf(bytes).catch(() => 'unreadable' as const)) ??
  (await converted(bytes).catch(() => 'unreadable' as const));

/** What can be known without the pixels. */
async function problemOf(bytes: Buffer): Promise<Problem | null> {
  const format = formatOf(bytes);
  if (format === null) return 'unreadable';
  if (isAnimated(bytes, format)) return 'animated';
  const header = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (!isExpected(header, format)) return 'unreadable';
  if ((header.pages ?? 1) > 1) return 'animated';
  const { width, height } = header;
  if (width * height > MOST_MEGAPIXELS * 1_000_000) return 'too_many_pixels';
  if (Math.min(width, height) < SMALLEST_SIDE) return 'too_small';
  return Math.max(width, height) > LONGEST_SHAPE * Math.min(width, height) ? 'too_narrow' : null;
}

const isExpected = (header: Metadata, format: string): boolean =>
  format === 'avif'
    ? header.format === 'heif' && header.compression === 'av1'
    : header.format === format;

/**
 * Upright, in sRGB, on white where it was see-through, and without any metadata, which sharp leaves
 * out. The large file is read once; the others are made of what is left of it.
 */
async function converted(bytes: Buffer): Promise<NewPicture> {
  const limitInputPixels = MOST_MEGAPIXELS * 1_000_000;
  const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels })
    .timeout({ seconds: PATIENCE_S })
    .autoOrient()
    .resize({
      width: LARGEST_WIDTH,
      height: LARGEST_WIDTH,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const files = [];
  for (const smaller of widthsOf(width)) {
    const file = await sharp(data, { raw: { width, height, channels } })
      .timeout({ seconds: PATIENCE_S })
      .resize({ width: smaller })
      .webp({ quality: QUALITY })
      .toBuffer();
    files.push({ width: smaller, bytes: file });
  }
  return { width, height, files };
}
