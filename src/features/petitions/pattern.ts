import { createHash } from 'node:crypto';

const COLUMNS = 12;
const ROWS = 3;
const TILE = 20;

/** The drawing on the card of a petition that has no picture. */
export interface Pattern {
  width: number;
  height: number;
  /** The path of its lines. */
  lines: string;
  /** Where its one light is. */
  light: { x: number; y: number };
}

/**
 * Winding lines out of tiles with two quarter circles each, which lie one way or the other
 * (Smith's variant of Truchet's tiling), the same for a slug every time.
 */
export function patternOf(slug: string): Pattern {
  const digest = createHash('sha256').update(slug).digest();
  const byte = (n: number) => digest[n % digest.length] ?? 0;
  const tiles = Array.from({ length: COLUMNS * ROWS }, (_, n) => {
    const x = (n % COLUMNS) * TILE;
    const y = Math.floor(n / COLUMNS) * TILE;
    const turned = ((byte(n >> 3) >> (n & 7)) & 1) === 1;
    return turned
      ? `M${x + 10} ${y}a10 10 0 0 1-10 10m20 0a10 10 0 0 0-10 10`
      : `M${x + 10} ${y}a10 10 0 0 0 10 10m-20 0a10 10 0 0 1 10 10`;
  });
  return {
    width: COLUMNS * TILE,
    height: ROWS * TILE,
    lines: tiles.join(''),
    light: {
      x: (1 + (byte(30) % (COLUMNS - 2))) * TILE,
      y: (1 + (byte(31) % (ROWS - 1))) * TILE,
    },
  };
}
