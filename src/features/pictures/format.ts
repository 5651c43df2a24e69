/** The formats that a picture may come in. */
export type Format = 'jpeg' | 'png' | 'webp' | 'avif';

/** What the bytes say they are, whatever the file is called; null for anything else. */
export function formatOf(bytes: Buffer): Format | null {
  const text = (start: number, end: number) => bytes.toString('latin1', start, end);
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  if (text(4, 8) === 'ftyp' && brandsOf(bytes).some((brand) => /^avi[fs]$/.test(brand))) {
    return 'avif';
  }
  return null;
}

/** Of the kinds of animation that sharp reads the first picture of without a word. */
export function isAnimated(bytes: Buffer, format: Format): boolean {
  if (format === 'png') return bytes.subarray(0, bytes.indexOf('IDAT')).includes('acTL');
  return format === 'avif' && brandsOf(bytes)[0] === 'avis';
}

/** The major brand of an ISO media file, then those it is compatible with. */
function brandsOf(bytes: Buffer): string[] {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const [major = '', , ...compatible] = bytes.toString('latin1', 8, end).match(/[^]{4}/g) ?? [];
  return [major, ...compatible];
}
