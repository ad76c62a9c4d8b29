/**
 * The server image's fetch mode, run as a pod's init container: `manara-server fetch --config FILE
 * --model-repository DIR` brings every version that the configuration lists from its `uri` into the
 * repository, checks its digest, and puts it in place in one step.
 */
export const fetchCommand = 'fetch';

/** URI schemes that fetch mode can read. */
export const fetchSchemes = ['https:', 's3:', 'file:'] as const;

/** Flags of both modes, as constructs write them and the server parses them. */
export const flags = {
  config: '--config',
  modelRepository: '--model-repository',
} as const;

/** Exit codes of `manara-server`, for scripts and for `kubectl describe pod`. */
export const exitCodes = {
  ok: 0,
  /** Something failed that may work later. */
  failure: 1,
  /** The command line or the configuration is wrong; trying again will not help. */
  usage: 2,
} as const;
