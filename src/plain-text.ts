/** The flags of England, Scotland and Wales are spelt in characters that are invisible elsewhere. */
const SPELT_FLAG = /\u{1f3f4}[\u{e0061}-\u{e007a}]{2,6}\u{e007f}/gu;

/**
 * Never part of what people write for others to read: control characters but for the line break,
 * marks that turn the direction of writing (Unicode TR9) and other characters that nobody sees,
 * private use, the replacement character, and letters under a pile of more than four marks. Joiners
 * stay: scripts and emoji need them.
 */
const FORBIDDEN =
  /(?!\n|\u200c|\u200d)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|[\u115f\u1160\u2800\u3164\uffa0\ufffd]|\p{M}{5}/u;

/** The first character, or pile of them, that is not to be there, or null. */
export const forbiddenIn = (text: string): string | null =>
  FORBIDDEN.exec(text.replaceAll(SPELT_FLAG, ''))?.[0] ?? null;

/** NFC, line breaks as one character each and never more than one empty line, no tabs. */
export const plainText = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/\n\s*\n/g, '\n\n')
    .normalize('NFC')
    .trim();
