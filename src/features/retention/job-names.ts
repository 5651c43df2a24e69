/** The job that deletes signatures whose destruction has begun. */
export const DESTROY_JOB = 'destroy_signatures';
