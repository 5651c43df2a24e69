export const TIME_ZONE = 'Europe/Stockholm';

let day = Temporal.Now.plainDateISO(TIME_ZONE);
let end = endOf(day);

/** The day it is where the petitions' midnight falls: one object until it is the next. */
export function today(): Temporal.PlainDate {
  const now = Date.now();
  if (now >= end || now < end - 2 * 86_400_000) {
    day = Temporal.Now.plainDateISO(TIME_ZONE);
    end = endOf(day);
  }
  return day;
}

/** The day of a moment, which is given in milliseconds since 1970. */
export const dayOf = (moment: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(TIME_ZONE).toPlainDate();

function endOf(date: Temporal.PlainDate): number {
  return date.add({ days: 1 }).toZonedDateTime(TIME_ZONE).epochMilliseconds;
}
