import assert from 'node:assert/strict';
import { record } from '@manara/pulumi-testing';
import { rules } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import { Node } from 'constructs';
import { run as deployed } from '../bench/preview/deployed';
import { run as doors } from '../bench/preview/doors';

/** What a program does, counted: unlike its time it is the same on every machine. */
interface Work {
  /** Kubernetes objects registered. */
  readonly objects: number;
  /** Times that an object was lowered to its manifest. */
  readonly rendered: number;
  /** Constructs met in walks over the tree. */
  readonly visited: number;
  /** Times that a rule was asked about a flow. */
  readonly judged: number;
}

/** Wraps a method in a counter of what `countOf` makes of its answers; undone by what it returns. */
function counting<K extends string, T extends Record<K, (...args: never[]) => unknown>>(
  holder: T,
  method: K,
  count: (answer: ReturnType<T[K]>) => void,
): () => void {
  const own = holder[method];
  const counted = function (this: unknown, ...args: never[]): unknown {
    const answer = own.apply(this, args) as ReturnType<T[K]>;
    count(answer);
    return answer;
  };
  Object.assign(holder, { [method]: counted });
  return () => Object.assign(holder, { [method]: own });
}

async function workOf(program: typeof doors, endpoints: number): Promise<Work> {
  let [rendered, visited, judged] = [0, 0, 0];
  const undo = [
    counting(ApiObject.prototype, 'toJson', () => (rendered += 1)),
    counting(Node.prototype, 'findAll', (found) => (visited += found.length)),
    ...rules.map((rule) => counting(rule, 'check', () => (judged += 1))),
  ];
  try {
    const { registered } = await record(() => {
      program({ MANARA_BENCH_ENDPOINTS: String(endpoints) });
    });
    const objects = registered.filter(({ type }) => type.startsWith('kubernetes:'));
    return { objects: objects.length, rendered, visited, judged };
  } finally {
    for (const restore of undo) restore();
  }
}

const less = (a: Work, b: Work): Work => ({
  objects: a.objects - b.objects,
  rendered: a.rendered - b.rendered,
  visited: a.visited - b.visited,
  judged: a.judged - b.judged,
});

describe('the work of a program for Pulumi', function () {
  this.timeout(60_000);

  for (const [name, program, renderings] of [
    // To validate the tree, to audit what becomes of late addresses, and to register it.
    ['deploy(app)', deployed, 3],
    // To audit the part, to check it, and to register it as the rest of the program left it.
    ['the doors', doors, 3],
  ] as const) {
    it(`grows by the same for each endpoint more: ${name}`, async () => {
      const [one, four, seven] = [
        await workOf(program, 1),
        await workOf(program, 4),
        await workOf(program, 7),
      ];
      const added = less(four, one);
      assert.deepEqual(less(seven, four), added);
      assert.equal(added.objects, 3 * 6);
      assert.equal(added.rendered, renderings * added.objects);
      assert(added.visited > 0 && added.judged > 0);
    });
  }
});
