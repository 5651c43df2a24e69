import { diffArrays, diffWords } from 'diff';
import type { Locale } from '../../i18n/locales.ts';

/** A stretch of a text that was changed, or, as `left_out`, one that was not and is not shown. */
export interface Part {
  kind: 'same' | 'removed' | 'added' | 'left_out';
  text: string;
}

/** The effort grows with the square of these: so many edits are looked for, then no more. */
const MOST_PARAGRAPHS = 300;
const MOST_WORDS = 200;
const MOST_WORDS_IN_ALL = 1000;

/** Where less of it is left than this, words that happen to be the same only confuse. */
const KEPT_AT_LEAST = 0.4;

/** What stays to be seen of an unchanged stretch, before and after each change. */
const CONTEXT = 100;

/** What is put in the place of more than this begins on a line of its own. */
const LONG_LINE = 80;

const BREAK = '\n\n';

/**
 * What of a text was removed and added: word by word, and as whole paragraphs where little of them
 * is left or too much has changed to compare. Long stretches that stayed as they were are shortened.
 */
export function differenceOf(before: string, after: string, language: Locale): Part[] {
  let left = MOST_WORDS_IN_ALL;
  const parts = changedParagraphs(before, after).flatMap(({ removed, added, same }, n): Part[] => {
    const gap: Part[] = n === 0 ? [] : [{ kind: 'same', text: BREAK }];
    if (same !== '') return [...gap, { kind: 'same', text: same }];
    const limit = Math.min(MOST_WORDS, left);
    const words = removed === '' || added === '' ? null : wordsOf(removed, added, language, limit);
    left -= words === null ? limit : words.filter(({ kind }) => kind !== 'same').length;
    return [...gap, ...(words ?? wholeOf(removed, added))];
  });
  return shorten(joined(parts.flatMap(withoutEdges)));
}

interface Stretch {
  removed: string;
  added: string;
  same: string;
}

/** Paragraphs that stayed, and between them those that were put in the place of others. */
function changedParagraphs(before: string, after: string): Stretch[] {
  const found = diffArrays(before.split(BREAK), after.split(BREAK), {
    maxEditLength: MOST_PARAGRAPHS,
  });
  if (found === undefined) return [{ removed: before, added: after, same: '' }];
  return found.flatMap(({ value, added, removed }, n): Stretch[] => {
    if (added && found[n - 1]?.removed) return [];
    if (!added && !removed) return [{ removed: '', added: '', same: value.join(BREAK) }];
    const former = removed ? value : [];
    const next = found[n + 1];
    const later = added ? value : next?.added ? next.value : [];
    return inPlaceOf(former, later);
  });
}

/** As many as before are taken to be the same ones, each changed. */
function inPlaceOf(former: string[], later: string[]): Stretch[] {
  if (former.length !== later.length) {
    return [{ removed: former.join(BREAK), added: later.join(BREAK), same: '' }];
  }
  return former.map((removed, n) => ({ removed, added: later[n] ?? '', same: '' }));
}

/** Null when they have too little in common, or differ in nothing that could be marked. */
function wordsOf(before: string, after: string, language: Locale, limit: number): Part[] | null {
  const found = diffWords(before, after, {
    intlSegmenter: new Intl.Segmenter(language, { granularity: 'word' }),
    maxEditLength: limit,
  });
  if (found === undefined) return null;
  const parts = found.map(({ value, added, removed }): Part => {
    return { kind: added ? 'added' : removed ? 'removed' : 'same', text: value };
  });
  const kept = parts.reduce((sum, { kind, text }) => sum + (kind === 'same' ? text.length : 0), 0);
  const isMarked = parts.some(({ kind, text }) => kind !== 'same' && text.trim() !== '');
  return isMarked && kept >= KEPT_AT_LEAST * Math.max(before.length, after.length) ? parts : null;
}

function wholeOf(removed: string, added: string): Part[] {
  if (removed === '') return [{ kind: 'added', text: added }];
  if (added === '') return [{ kind: 'removed', text: removed }];
  return [
    { kind: 'removed', text: removed },
    { kind: 'same', text: Math.max(removed.length, added.length) > LONG_LINE ? BREAK : ' ' },
    { kind: 'added', text: added },
  ];
}

/** The space around a word is no part of what is marked. */
function withoutEdges({ kind, text }: Part): Part[] {
  const words = text.trim();
  if (kind === 'same' || words === '') return [{ kind: 'same', text }];
  const start = text.indexOf(words);
  return [
    { kind: 'same', text: text.slice(0, start) },
    { kind, text: words },
    { kind: 'same', text: text.slice(start + words.length) },
  ];
}

/** Neighbours of one kind are one part. */
function joined(parts: Part[]): Part[] {
  return parts.reduce<Part[]>((all, { kind, text }) => {
    const last = all.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text !== '') all.push({ kind, text });
    return all;
  }, []);
}

function shorten(parts: Part[]): Part[] {
  return parts.flatMap((part, n) => {
    if (part.kind !== 'same') return [part];
    const { text } = part;
    const start = n === 0 ? '' : upTo(text, CONTEXT);
    const end = n === parts.length - 1 ? '' : fromEnd(text, CONTEXT);
    if (text.length <= start.length + end.length + CONTEXT) return [part];
    return joined([
      { kind: 'same', text: start },
      { kind: 'left_out', text: text.slice(start.length, text.length - end.length) },
      { kind: 'same', text: end },
    ]);
  });
}

/** Its first words, together at most so long. */
const upTo = (text: string, length: number): string =>
  /^[^]*(?=\s)/.exec(text.slice(0, length))?.[0].trimEnd() ?? '';

/** Its last words. */
const fromEnd = (text: string, length: number): string =>
  /(?<=\s)[^]*$/.exec(text.slice(-length))?.[0].trimStart() ?? '';
