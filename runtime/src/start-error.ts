/** A server could not be started; the message says what to do. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}

/** A model repository cannot be used: the command line or the configuration is wrong. */
export class RepositoryError extends StartError {
  constructor(message: string) {
    super(message);
    this.name = 'RepositoryError';
  }
}
