/** What a rule of the configuration can allow. */
export const ruleVerbs = [
  'metrics',
  /** Which models there are: metadata, configuration, statistics, readiness, the repository's index. */
  'read',
  'infer',
  /** Explanations of answers, which cost many inferences. */
  'explain',
  /** Loading and unloading. */
  'load',
  /** What operates the server itself. */
  'admin',
] as const;

/**
 * What a caller can ask of the server; every route and every gRPC method has one. `health` is open
 * to everybody, always: probes carry no credentials, nor does a browser that opens a page. `own` is open to everybody who is known, and shows
 * what is theirs.
 */
export type Verb = 'health' | 'own' | (typeof ruleVerbs)[number];
