import type { Child } from '../support/child';

/** A real store of one kind, with what a client of it is told. */
export interface Store {
  readonly name: string;
  /** What fetch mode reads, besides the URIs, where the store answers at this port. */
  environment(port: number): Readonly<Record<string, string>>;
  /** Port of the loopback that it listens on. */
  readonly port: number;
  /** Puts a file into the store; gives its URI, where the store answers at this port. */
  publish(name: string, content: Buffer): Promise<(port: number) => string>;
  readonly child: Child;
}
