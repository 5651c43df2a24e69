import type { Face, Fonts } from './fonts.ts';

/** Stands for what no font has. */
export const LACKING = '\ufffd';

/** What nobody sees, or what turns the direction of writing; and what chooses between emoji. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Variation_Selector}]/gu;

/** No line begins with a dash between words. */
const BEFORE_DASH = / (?=[–—] )/g;

/** Text that can be set: NFC, with line breaks and nothing else that controls the page. */
export const settable = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll('\t', ' ')
    .replaceAll(/[\p{Zl}\p{Zp}]/gu, '\n')
    .replaceAll(INVISIBLE, '')
    .replaceAll(BEFORE_DASH, '\u00a0');

/** The same on one line. */
export const settableLine = (text: string): string => settable(text).replaceAll(/\s*\n\s*/g, ' ');

/** A piece of text in one face. */
export interface Run {
  text: string;
  face: Face;
}

const letters = new Intl.Segmenter();

/**
 * The text in a face; what that lacks in the widest one, and what that lacks too as the one sign
 * that stands for it.
 */
export function runsOf(text: string, face: Face, fonts: Fonts): Run[] {
  if (fonts.has(face, text)) return [{ text, face }];
  const runs: Run[] = [];
  for (const { segment } of letters.segment(text)) {
    const run = runOf(segment, face, fonts);
    const last = runs.at(-1);
    if (last?.face === run.face) last.text += run.text;
    else runs.push(run);
  }
  return runs;
}

function runOf(letter: string, face: Face, fonts: Fonts): Run {
  if (fonts.has(face, letter)) return { text: letter, face };
  const widest = face.includes('bold') ? 'sans_bold' : 'sans';
  if (fonts.has(widest, letter)) return { text: letter, face: widest };
  fonts.lack();
  return { text: LACKING, face: widest };
}
