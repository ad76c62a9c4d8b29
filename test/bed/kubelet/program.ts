import type { ApiServer } from '../api-server';
import { type Container, imageName, type Pod } from './pod';

/** What a program is started for. */
export interface PodPlace {
  readonly pod: Pod;
  /** The container whose image named the program. */
  readonly container: Container;
  /** The pod's own address: what the program listens on. */
  readonly ip: string;
  /** A folder of the pod's, which goes with it. */
  readonly folder: string;
  readonly api: ApiServer;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. @default - nothing */
  readonly env?: Readonly<Record<string, string>>;
}

/** Says how to run a pod's container as a process. What it throws is shown in the pod's status. */
export type Program = (place: PodPlace) => Command | Promise<Command>;

/** A container of a pod, and the program that plays it. */
export interface Played {
  readonly container: Container;
  readonly program: Program;
}

/**
 * Programs by the name of the image, without registry and tag: `echo` for `bed.test/echo:2`. The first
 * container of a pod that has one is played; a pod that has none is simulated: running, ready, with an
 * address on which nobody listens.
 */
export class Programs {
  private readonly known = new Map<string, Program>();

  /** @param namespace - where it is meant. @default - everywhere that no other is */
  add(image: string, program: Program, namespace = ''): void {
    this.known.set(`${namespace}/${image}`, program);
  }

  /** How to play a pod; `undefined` for one to be simulated. */
  of({ metadata, spec }: Pod): Played | undefined {
    for (const container of spec.containers) {
      const image = imageName(container.image);
      const program =
        this.known.get(`${metadata.namespace}/${image}`) ?? this.known.get(`/${image}`);
      if (program !== undefined) return { container, program };
    }
    return undefined;
  }
}
