/** Environment variables that the server reads. A flag on the command line wins over them. */
export const environment = {
  /** Path of the configuration file; the same as `--config`. */
  config: 'MANARA_CONFIG',
  /** Log level; the same as `--log-level`. */
  logLevel: 'MANARA_LOG_LEVEL',
} as const;
