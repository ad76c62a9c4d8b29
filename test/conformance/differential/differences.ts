import type { Verdict } from './ask';

/** Where the two servers are known to differ, and why that is right of ours. */
export interface Difference {
  readonly ours: Verdict;
  readonly theirs: Verdict;
  readonly why: string;
}

const engineRefuses =
  "MLServer leaves the signature to the engine, whose refusal is the server's fault";
const codecRefuses = "MLServer's codec fails on the elements, which is the server's fault";

/** Requests of which the server is to blame with MLServer and the caller here, with what refuses them. */
const blamed: Readonly<Record<string, string>> = {
  'unknown input': engineRefuses,
  'another datatype': engineRefuses,
  'too few elements': codecRefuses,
  'too many elements': codecRefuses,
  'another size': engineRefuses,
  'another rank': engineRefuses,
  'a negative size': codecRefuses,
  'no inputs': engineRefuses,
  'one of two inputs': engineRefuses,
  'inputs of different batches': engineRefuses,
  'an unknown output': engineRefuses,
};

function ourCallers(protocol: string, reasons: Readonly<Record<string, string>>) {
  return Object.entries(reasons).map(
    ([title, why]) =>
      [`${protocol}: ${title}`, { ours: 'refused', theirs: 'failed', why }] as const,
  );
}

/** By protocol and title of the request. What is listed must differ: a stale entry fails. */
export const differences: Readonly<Record<string, Difference>> = Object.fromEntries([
  ...ourCallers('REST', { ...blamed, 'text among numbers': codecRefuses }),
  ...ourCallers('gRPC', blamed),
]);
