/**
 * Who reads what comes in over REST: `own` reads plain inferences itself and gives every other
 * connection to node:http, `node` gives it all.
 */
export const httpParsers = ['own', 'node'] as const;

export type HttpParser = (typeof httpParsers)[number];
