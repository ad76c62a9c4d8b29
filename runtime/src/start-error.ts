/** A server could not be started; the message says what to do. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}

/** The command line or the configuration is wrong: the same again would fail again. */
export class ConfigurationError extends StartError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConfigurationError';
  }
}

/** A model repository cannot be used. */
export class RepositoryError extends ConfigurationError {
  constructor(message: string) {
    super(message);
    this.name = 'RepositoryError';
  }
}
