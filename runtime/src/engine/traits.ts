import type { Datatype } from '@manara/contract';
import type { SymbolicTensor, Tensor } from '../protocol/tensor';
import { encodeJson } from '../protocol/encode';
import { halfToNumber } from '../protocol/float16';
import { madeUp, zeros } from './made-up';
import type { ModelFacts } from './model-file';
import type { SessionSignature } from './ort-types';
import type { ModelTraits } from './probe';
import { joinRows, splitRows } from './rows';

/** Runs the model. @throws Error with the engine's words */
export type RunModel = (inputs: readonly Tensor[]) => Promise<readonly Tensor[]>;

/** A file up to this size is small enough to be held by the I/O thread as well. */
const quickFileBytes = 1024 * 1024;

/** Milliseconds: of a run of one row that is quick, and of a run of as many as still are. */
const quick = { oneRow: 0.2, allRows: 0.5, greatestRows: 128 } as const;

/**
 * Never quick: strings are as long as callers make them, and halves need a setting that only threads
 * of the engine's own may make (`keepHalvesAsBits`).
 */
const slowTypes: readonly Datatype[] = ['BYTES', 'FP16'];

/** Finds out how a model behaves by running it on made-up values. */
export async function findTraits(
  signature: SessionSignature,
  facts: ModelFacts,
  run: RunModel,
): Promise<ModelTraits> {
  const keepsRowsApart = await keepsRows(signature, run);
  const varies = ({ shape }: SymbolicTensor): boolean =>
    shape.slice(keepsRowsApart === true ? 1 : 0).includes(-1);
  const unbounded =
    !facts.steady ||
    facts.bytes > quickFileBytes ||
    signature.inputs.some(varies) ||
    [...signature.inputs, ...signature.outputs].some(({ datatype }) =>
      slowTypes.includes(datatype),
    );
  const quickRows = unbounded ? 0 : await countQuickRows(signature, run, keepsRowsApart === true);
  return { keepsRowsApart, quickRows, answersZeros: await answersZeros(signature, run) };
}

async function answersZeros({ inputs }: SessionSignature, run: RunModel): Promise<boolean> {
  try {
    for (const output of await run(zeros(inputs, 1))) encodeJson(output);
    return true;
  } catch {
    return false;
  }
}

/** Whether rows give the same answers alone, together, and the other way round. */
async function keepsRows(
  { inputs, outputs }: SessionSignature,
  run: RunModel,
): Promise<boolean | undefined> {
  const rowsVary = ({ shape }: SymbolicTensor): boolean => shape[0] === -1;
  if (!inputs.every(rowsVary) || !outputs.every(rowsVary)) return undefined;
  for (const greatest of [9, 1]) {
    const [one, two] = [madeUp(inputs, 1, 1, greatest), madeUp(inputs, 2, 2, greatest)];
    try {
      const alone = [await run(one), await run(two)] as const;
      const together = splitRows(await run(joinRows([one, two])), [1, 2]);
      const turned = splitRows(await run(joinRows([two, one])), [2, 1]);
      return [
        [alone[0], together[0]],
        [alone[1], together[1]],
        [alone[0], turned[1]],
        [alone[1], turned[0]],
      ].every(([a = [], b = []]) => agree(a, b));
    } catch (thrown) {
      if (thrown instanceof RangeError) return false;
      // Such values are not a meaningful input for every model; smaller ones may be.
    }
  }
  return undefined;
}

/** Kernels for one row and for several add up in different orders. */
const tolerance = { relative: 1e-3, absolute: 1e-4 } as const;

function agree(a: readonly Tensor[], b: readonly Tensor[]): boolean {
  return a.every((tensor, i) => {
    const other = b[i];
    return (
      other?.data.length === tensor.data.length &&
      tensor.shape.every((size, d) => size === other.shape[d]) &&
      Array.from<unknown, boolean>(tensor.data as ArrayLike<unknown>, (value, n) =>
        near(tensor, value, other.data[n]),
      ).every(Boolean)
    );
  });
}

function near({ datatype }: Tensor, a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  const half = datatype === 'FP16';
  if (!half && datatype !== 'FP32' && datatype !== 'FP64') return false;
  const [x, y] = half ? [halfToNumber(a), halfToNumber(b)] : [a, b];
  const size = Math.max(Math.abs(x), Math.abs(y));
  return Math.abs(x - y) <= tolerance.absolute + (half ? 10 : 1) * tolerance.relative * size;
}

async function countQuickRows(
  { inputs }: SessionSignature,
  run: RunModel,
  mayJoin: boolean,
): Promise<number> {
  let rows = 0;
  const most = mayJoin ? quick.greatestRows : 1;
  for (let next = 1; next <= most; next *= 2) {
    const millis = await fastest(() => run(zeros(inputs, next))).catch(() => Infinity);
    if (millis > (next === 1 ? quick.oneRow : quick.allRows)) break;
    rows = next;
  }
  return rows;
}

/** Milliseconds of the fastest of some runs: whatever else the machine does makes the others slower. */
async function fastest(run: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 8; i++) {
    const begin = performance.now();
    await run();
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}
