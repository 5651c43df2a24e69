import assert from 'node:assert/strict';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { Client } from './client.ts';
import type { TestSite } from './site.ts';

/** What no file that is served may have in it. */
export const MARKER = 'taken-at-home-by-ada';

const noise = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'white',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });

/** A photograph that says where it was taken and lies on its side. */
export const photograph = (width = 1200, height = 800): Promise<Buffer> =>
  noise(width, height)
    .jpeg()
    .withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { Copyright: MARKER, Make: MARKER },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '59/1 51/1 0/1' },
    })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- ${MARKER} --></x:xmpmeta>`)
    .toBuffer();

/** A picture without anything else, in any of the formats that sharp writes. */
export const picture = (
  format: 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' = 'png',
  width = 640,
  height = 480,
  background = 'teal',
): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer();

/** One that moves. */
export const animation = async (format: 'webp' | 'gif'): Promise<Buffer> => {
  const frames = await Promise.all([0, 1].map(() => noise(300, 200).png().toBuffer()));
  return sharp(frames, { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
};

/** A PNG of few bytes whose header says that it is that large. */
export function hollowPng(width: number, height: number, extra: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', deflateSync(Buffer.alloc(1000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

export const WORDS = { picture_alt_en: 'Children wait outside a closed library.', may_use: 'on' };

/** Sends the form of a picture, as it is at `path`. */
export async function sendPicture(
  client: Client,
  path: string,
  bytes: Buffer | null,
  values: Record<string, string> = WORDS,
  name = 'library.jpg',
): Promise<Response> {
  const page = await client.read(path);
  const [, state] = /name="state" value="([^"]*)"/.exec(page) ?? [];
  assert.notEqual(state, undefined, `${path} has no form`);
  const file = bytes === null ? new File([], '') : new File([new Uint8Array(bytes)], name);
  return client.upload(path, { state: state ?? '', ...values }, [['picture', file]]);
}

/** The addresses of all files of the picture on a page. */
export const filesOn = (page: string): string[] => [
  ...new Set([...page.matchAll(/\/pictures\/[\w-]{22}\/\d+\.webp/g)].map(([path]) => path)),
];

/** The picture of the petition that fixtures save: where everybody sees it, and where it is kept. */
export const PICTURED = '/en/petitions/save-the-library';
export const OWN_PICTURE = '/en/workspace/petitions/save-the-library/picture';

/** How much is stored. */
export async function storedPictures({ db }: TestSite): Promise<[pictures: number, files: number]> {
  const { rows } = await db.query<{ pictures: number; files: number }>(`
    SELECT (SELECT count(*)::integer FROM pictures) AS pictures,
      (SELECT count(*)::integer FROM picture_files) AS files
  `);
  return [rows[0]?.pictures ?? -1, rows[0]?.files ?? -1];
}
