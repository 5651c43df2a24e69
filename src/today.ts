/** The day it is where the petitions' midnight falls. */
export const today = (): Temporal.PlainDate => Temporal.Now.plainDateISO(TIME_ZONE);

export const TIME_ZONE = 'Europe/Stockholm';
