/** Part of a store's bytes that new jobs and answers leave to the results of the jobs that are there. */
export const leftToResults = 0.1;

/** Part of a store's bytes that answers to requests with a key may take: they must not stop the jobs. */
export const answerShare = 0.25;
