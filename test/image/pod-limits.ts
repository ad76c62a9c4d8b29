import {
  configAnnotation,
  container,
  parseServerConfig,
  type ServerConfig,
} from '@manara/contract';
import type { ExampleSite } from '../support/examples';

/** What an endpoint's pod is given: its server's configuration and its memory limit. */
export interface PodLimits {
  readonly config: ServerConfig;
  readonly memoryBytes: number;
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly {
          readonly name: string;
          readonly resources: { readonly limits: { readonly memory: string } };
        }[];
      };
    };
  };
}

/** Reads them from synthesized manifests. */
export function podLimits({ title, documents }: ExampleSite, endpoint: string): PodLimits {
  const found = documents.find((d) => d.kind === 'Deployment' && d.metadata.name === endpoint);
  if (found === undefined) throw new Error(`${title} has no Deployment "${endpoint}"`);
  const { metadata, spec } = (found as unknown as Deployment).spec.template;
  const memory = spec.containers.find(({ name }) => name === container.server)?.resources.limits
    .memory;
  const [, mebibytes] = /^(\d+)Mi$/.exec(memory ?? '') ?? [];
  if (mebibytes === undefined) throw new Error(`${title} limits no memory of "${endpoint}"`);
  return {
    config: parseServerConfig(JSON.parse(metadata.annotations?.[configAnnotation] ?? '')),
    memoryBytes: Number(mebibytes) * 2 ** 20,
  };
}

/** An input of one varying dimension. */
export interface LargestInput {
  readonly name: string;
  readonly shapeOf: (varying: number) => readonly number[];
}

/**
 * A body of so many bytes with as many elements as fit: zeros in JSON, two bytes each. It is what
 * costs the most memory: what is parsed, computed and answered grows with the elements.
 */
export function largestBody(bytes: number, { name, shapeOf }: LargestInput): string {
  const perStep = shapeOf(1).reduce((product, size) => product * size, 1);
  const of = (steps: number): string => {
    const shape = `[${shapeOf(steps).join(',')}]`;
    const data = `[${'0,'.repeat(perStep * steps - 1)}0]`;
    return `{"inputs":[{"name":"${name}","datatype":"FP32","shape":${shape},"data":${data}}]}`;
  };
  const headBytes = of(1).length - 2 * perStep;
  // Digits of the shape are spared for.
  const steps = Math.floor((bytes - headBytes - 10) / (2 * perStep));
  return of(steps).padEnd(bytes);
}
