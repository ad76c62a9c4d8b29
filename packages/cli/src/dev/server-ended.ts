import { CliError } from '../cli-error';

/** The server ended by itself, or not cleanly; the command ends with its code. */
export class ServerEnded extends CliError {
  constructor(override readonly exitCode: number) {
    super(`manara-server ended with code ${exitCode}; its log says why`);
    this.name = 'ServerEnded';
  }
}
