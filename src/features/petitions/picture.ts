import { z } from 'zod';

/** Each picture is kept in these widths, as far as it is that wide, and in its own. */
const WIDTHS = [480, 960, 1600];

export const LARGEST_WIDTH = 1600;

/** In pixels, from the smallest to the picture's own. */
export const widthsOf = (width: number): number[] => [
  ...WIDTHS.filter((smaller) => smaller < width),
  width,
];

const Row = z.object({ id: z.string(), width: z.number(), height: z.number() });

const withWidths = <P extends { width: number }>(picture: P) => ({
  ...picture,
  widths: widthsOf(picture.width),
});

/** A picture of a petition. */
export const Picture = Row.transform(withWidths);

export type Picture = z.output<typeof Picture>;

/** The same, and what is seen in it: in the language of the version, or else of the original. */
export const WordedPicture = Row.extend({ alt: z.string(), language: z.string() }).transform(
  withWidths,
);
