/** Environment variables that the server reads. A flag on the command line wins over them. */
export const environment = {
  /** Path of the configuration file; the same as `--config`. */
  config: 'MANARA_CONFIG',
  /** Log level; the same as `--log-level`. */
  logLevel: 'MANARA_LOG_LEVEL',
} as const;

/** Node.js's own: file of certificates, PEM, of authorities that are trusted besides the public ones. */
export const trustVariable = 'NODE_EXTRA_CA_CERTS';

/**
 * Environment of every process that may load onnxruntime. Its official libraries for Linux and macOS
 * report each process and each model, names and hashes of graphs included, to
 * `mobile.events.data.microsoft.com` unless this is set before its first session; it also keeps an
 * identifier of the machine below HOME.
 * Source: microsoft/onnxruntime, pull requests 27379 and 29843; seen with strace on 1.30.0; 2026-11.
 */
export const engineEnvironment = { ORT_DISABLE_TELEMETRY: '1' } as const;
