import type { Datatype } from '@manara/contract';
import { contentsFieldOf } from '@manara/runtime/build/src/protocol/decode-typed';
import { random } from '../../support/random';

/** A request as JSON, with what makes it a message of gRPC's where it can be one. */
export interface DifferentialRequest {
  readonly title: string;
  readonly model: string;
  readonly body: unknown;
  /** Sent over REST only: gRPC's messages cannot say it. @default false */
  readonly restOnly?: boolean;
}

interface Input {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** A message of gRPC's with the same inputs, as typed contents. */
export function grpcMessage({ model, body }: DifferentialRequest): object {
  const { inputs, id, outputs } = body as {
    readonly inputs: readonly Input[];
    readonly id?: string;
    readonly outputs?: readonly { readonly name: string }[];
  };
  return {
    model_name: model,
    id,
    outputs,
    inputs: inputs.map(({ name, datatype, shape, data }) => ({
      name,
      datatype,
      shape,
      contents: {
        [contentsFieldOf(datatype as Datatype) ?? 'fp32_contents']: data.flat(Infinity),
      },
    })),
  };
}

/** Requests that every server is to answer: the same for the same seed. */
export function validRequests(seed: number, count: number): readonly DifferentialRequest[] {
  const next = random(seed);
  const whole = (most: number): number => Math.floor(next() * most);
  const tensor = (name: string, datatype: string, shape: readonly number[]): Input => {
    const size = shape.reduce((product, one) => product * one, 1);
    const values: Readonly<Record<string, () => unknown>> = {
      FP32: () => Math.fround(next() * 20 - 10),
      FP64: () => next() * 20 - 10,
      INT64: () => whole(2000) - 1000,
      INT32: () => whole(2000) - 1000,
      UINT8: () => whole(256),
      BOOL: () => next() < 0.5,
    };
    return { name, datatype, shape, data: Array.from({ length: size }, values[datatype]!) };
  };
  const nested = (input: Input): object => ({ ...input, data: nest(input.data, input.shape) });
  return Array.from({ length: count }, (_, i): DifferentialRequest => {
    const rows = 1 + whole(4);
    const id = next() < 0.5 ? { id: `r${i}` } : {};
    switch (i % 4) {
      case 0: {
        const input = tensor('features', 'FP32', [rows, 20]);
        return {
          title: `fraud, ${rows} rows (${i})`,
          model: 'fraud',
          body: { ...id, inputs: [input] },
        };
      }
      case 1: {
        const inputs = ['a', 'b'].map((name) => tensor(name, 'FP32', [rows, 2]));
        return {
          title: `add, nested (${i})`,
          model: 'add',
          body: { ...id, inputs: inputs.map(nested) },
        };
      }
      case 2: {
        const datatypes = ['FP32', 'FP64', 'INT64', 'INT32', 'UINT8', 'BOOL'];
        const datatype = datatypes[whole(datatypes.length)] ?? 'FP32';
        const model = `identity_${datatype.toLowerCase()}`;
        const body = { ...id, inputs: [tensor('x', datatype, [2, 3])] };
        return { title: `${model} (${i})`, model, body };
      }
      default: {
        const inputs = [tensor('features', 'FP32', [rows, 20])];
        const body = { ...id, inputs, outputs: [{ name: 'probabilities' }] };
        return { title: `fraud, one output (${i})`, model: 'fraud', body };
      }
    }
  });
}

const input = { name: 'x', datatype: 'FP32', shape: [2, 3], data: [1, 2, 3, 4, 5, 6] };
const ask = (
  title: string,
  change: object,
  { restOnly = false, model = 'identity_fp32' } = {},
): DifferentialRequest => ({ title, model, restOnly, body: { inputs: [{ ...input, ...change }] } });
const rest = { restOnly: true };

/** Requests that no server is to answer; `differences.ts` says which server does all the same. */
export const invalidRequests: readonly DifferentialRequest[] = [
  ask('unknown model', {}, { model: 'absent' }),
  ask('unknown input', { name: 'y' }),
  ask('unknown datatype', { datatype: 'FP99' }, rest),
  ask('another datatype', { datatype: 'FP64' }),
  ask('too few elements', { data: [1, 2, 3] }),
  ask('too many elements', { data: [1, 2, 3, 4, 5, 6, 7] }),
  ask('another size', { shape: [1, 6] }),
  ask('another rank', { shape: [6] }),
  ask('a negative size', { shape: [-2, -3] }),
  ask('text among numbers', { data: [1, 2, 3, 4, 5, 'six'] }, rest),
  ask('no shape', { shape: undefined }, rest),
  ask('no name', { name: undefined }, rest),
  ask('no data', { data: undefined }, rest),
  ask('a shape that is text', { shape: 'wide' }, rest),
  { title: 'no inputs field', model: 'identity_fp32', body: {}, restOnly: true },
  { title: 'no inputs', model: 'identity_fp32', body: { inputs: [] } },
  {
    title: 'inputs that are an object',
    model: 'identity_fp32',
    body: { inputs: {} },
    restOnly: true,
  },
  { title: 'a body that is a list', model: 'identity_fp32', body: [], restOnly: true },
  {
    title: 'one of two inputs',
    model: 'add',
    body: { inputs: [{ ...input, name: 'a', shape: [3, 2] }] },
  },
  {
    title: 'inputs of different batches',
    model: 'add',
    body: {
      inputs: [
        { ...input, name: 'a', shape: [3, 2] },
        { ...input, name: 'b', shape: [2, 2], data: [1, 2, 3, 4] },
      ],
    },
  },
  {
    title: 'an unknown output',
    model: 'identity_fp32',
    body: { inputs: [input], outputs: [{ name: 'z' }] },
  },
  {
    title: 'an id that is a number',
    model: 'identity_fp32',
    body: { inputs: [input], id: 7 },
    restOnly: true,
  },
];

function nest(data: readonly unknown[], [, columns = 1]: readonly number[]): unknown[] {
  return Array.from({ length: data.length / columns }, (_, row) =>
    data.slice(row * columns, (row + 1) * columns),
  );
}
