/** Signatures that arrived within one full hour (2026-11-23T14, UTC). */
export interface HourCount {
  hour: string;
  signatures: number;
}

/** Fewer in an hour are never called a burst. */
const FEWEST = 20;

const HOUR_MS = 60 * 60_000;

export const hourOf = (moment: number): string => new Date(moment).toISOString().slice(0, 13);

export const momentOf = (hour: string): number => Date.parse(`${hour}:00Z`);

/** Every hour from that of `since` to that of `now`, the empty ones too. */
export function everyHour(
  counts: readonly HourCount[],
  { since, now }: { since: number; now: number },
): HourCount[] {
  const signatures = new Map(counts.map((count) => [count.hour, count.signatures]));
  const first = since - (since % HOUR_MS);
  const length = Math.max(1, Math.floor((now - first) / HOUR_MS) + 1);
  return Array.from({ length }, (_, n) => {
    const hour = hourOf(first + n * HOUR_MS);
    return { hour, signatures: signatures.get(hour) ?? 0 };
  });
}

/**
 * The hours in which far more signed than is usual for the petition: those whose modified z-score
 * 0.6745 · (x − median) / MAD is above 3.5, where MAD is the median distance from the median
 * (B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, 1993). Unlike mean and standard
 * deviation neither is moved by the bursts themselves. Of a quiet petition MAD is taken as 1.
 */
export function burstsOf(hours: readonly HourCount[]): Set<string> {
  const counts = hours.map(({ signatures }) => signatures);
  const usual = medianOf(counts);
  const spread = Math.max(1, medianOf(counts.map((count) => Math.abs(count - usual))));
  const isBurst = ({ signatures }: HourCount) =>
    signatures >= FEWEST && (0.6745 * (signatures - usual)) / spread > 3.5;
  return new Set(hours.filter(isBurst).map(({ hour }) => hour));
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

/** One network or one small mail domain stands out from so many signatures of an hour on … */
export const LOUD_SIGNATURES = 10;

/** … when it gave more than this part of them. */
export const LOUD_SHARE = 1 / 3;
