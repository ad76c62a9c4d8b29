import { type JsonObject, text } from '../../plugin/json';
import type { Kind, Made } from '../cloud';

/** The account that everything is made in. */
export const account = '111122223333';

/** Last part of an ARN: `bucket/…`, with what stands in it. */
type Path = (made: Made, id: string) => string;
type Outputs = Kind['outputs'];

/** What says more of a kind than its id and its ARN do. */
interface More {
  readonly fixed?: readonly string[];
  readonly outputs?: Outputs;
}

/** An input that is a text. */
export function input(made: Made, name: string): string {
  return text(made.inputs[name]);
}

/** `arn:aws:eks:me-central-1:111122223333:cluster/dubai` */
export function arnOf(service: string, made: Made, path: string): string {
  // IAM and Organizations have no region.
  const region = service === 'iam' || service === 'organizations' ? '' : made.region;
  return `arn:aws:${service}:${region}:${account}:${path}`;
}

/** Known by an id that AWS makes up: `vpc-0a1b2c3d4e5f60718`. */
export function numbered(service: string, prefix: string, type: string, more: More = {}): Kind {
  return {
    ...(more.fixed !== undefined && { fixed: more.fixed }),
    id: ({ digits }) => `${prefix}-${digits.slice(0, 17)}`,
    outputs: (made, id) => ({
      arn: arnOf(service, made, `${type}/${id}`),
      ...more.outputs?.(made, id),
    }),
  };
}

/** Known by a name that the program gives. */
export function named(service: string, name: string, path: Path, more: More = {}): Kind {
  return {
    named: name,
    ...(more.fixed !== undefined && { fixed: more.fixed }),
    id: (made) => input(made, name),
    outputs: (made, id) => ({
      arn: arnOf(service, made, path(made, id)),
      ...more.outputs?.(made, id),
    }),
  };
}

/** A part or a setting of others, known by what it belongs to: `dubai:vpc-cni`. */
export function part(
  separator: string,
  belongsTo: readonly string[],
  outputs: Outputs = nothing,
): Kind {
  return {
    fixed: belongsTo,
    id: (made) => belongsTo.map((name) => input(made, name)).join(separator),
    outputs,
  };
}

/** A setting that an account has once in a region. */
export function single(outputs: Outputs = nothing): Kind {
  return { id: () => account, outputs };
}

function nothing(): JsonObject {
  return {};
}
