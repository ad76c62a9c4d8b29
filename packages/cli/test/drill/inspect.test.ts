import assert from 'node:assert/strict';
import type { Check } from '../../src/drill/check';
import { type EndpointInspection, inspect } from '../../src/drill/inspect';
import { drilledStack } from '../support/drilled';
import { type Answer, FakeSite } from '../support/fake-site';

interface Options {
  readonly north?: Answer;
  readonly dubai?: Answer;
  readonly sample?: string;
  readonly requests?: number;
}

const own: Answer = () => false;

async function inspected(
  { north = own, dubai = own, sample, requests = 3 }: Options,
  look: (inspection: EndpointInspection, bodies: readonly (readonly string[])[]) => void,
): Promise<void> {
  const sites = { dubai: await FakeSite.start(dubai), north: await FakeSite.start(north) };
  const all = Object.values(sites);
  try {
    const [inspection] = await inspect(drilledStack(), {
      targets: ({ node }) => sites[node.id as keyof typeof sites].address,
      samples: new Map(sample === undefined ? [] : [['fraud', sample]]),
      requests,
      limits: { millis: 1500, bytes: 10_000 },
    });
    look(
      inspection!,
      all.map((site) => site.bodies),
    );
  } finally {
    await Promise.all(all.map((site) => site.stop()));
  }
}

function lines(checks: readonly Check[], pattern: RegExp): readonly string[] {
  return checks
    .filter(({ what }) => pattern.test(what))
    .map(({ verdict, what, site, found }) => `${verdict} ${what} ${site ?? '-'}: ${found}`);
}

const reply =
  (status: number, text: string, when: (path: string) => boolean): Answer =>
  ({ path }, response) => {
    if (!when(path)) return false;
    response.writeHead(status).end(text);
    return true;
  };
const isInfer = (path: string): boolean => path.endsWith('/infer');

describe('inspect', () => {
  it('asks both sites the same for every version, and says what a loss costs', async () => {
    await inspected({}, ({ checks, body }, [dubai = [], north = []]) => {
      assert.deepEqual(lines(checks, /^(server|version|recovery)/), [
        'ok server dubai: ready',
        'ok version 1 dubai: ready',
        'ok version 2 dubai: ready',
        'ok server north: ready',
        'ok version 1 north: ready',
        'ok version 2 north: ready',
        'ok recovery.time -: computed: first answer after 2 s, all traffic after 2 s; promised 5 s',
        'ok recovery.point -: computed: whoever publishes weights does so at every site; promised 1800 s',
      ]);
      assert.deepEqual(lines(checks, /^answers 2/), [
        'ok answers 2 dubai: 3 requests answered; the others are compared with these',
        'ok answers 2 north: 3 requests answered as by dubai: equal',
      ]);
      assert.equal(dubai.length, 6);
      assert.deepEqual(dubai, north);
      assert.equal(body, dubai[0]);
    });
  });

  it('finds another answer', async () => {
    const outputs = [
      { name: 'sum', datatype: 'FP32', shape: [1], data: [99] },
      { name: 'label', datatype: 'INT64', shape: [1], data: [1] },
    ];
    const north = reply(200, JSON.stringify({ outputs }), (path) => path.endsWith('1/infer'));
    await inspected({ north }, ({ checks }) => {
      const [, found] = lines(checks, /^answers 1/);
      assert.match(
        found ?? '',
        /^failed answers 1 north: not the answer of dubai to request 1: "sum"\[0\] is [\d.]+, and 99 here$/,
      );
      assert.match(lines(checks, /^answers 2/)[1] ?? '', /^ok/);
    });
  });

  it('finds a version that is missing, and asks it nothing', async () => {
    const north = reply(404, '{"error":"no version"}', (path) => path.includes('versions/2/'));
    await inspected({ north }, ({ checks }, [, bodies = []]) => {
      assert.ok(
        lines(checks, /^version 2/).includes('failed version 2 north: answered 404: no version'),
      );
      assert.deepEqual(lines(checks, /^answers 2/), [
        'open answers 2 dubai: 3 requests answered; no other site to compare with',
      ]);
      assert.equal(bodies.length, 3);
    });
  });

  it('waits for a silent site once', async () => {
    const began = performance.now();
    await inspected({ north: () => true }, ({ checks, body }) => {
      assert.ok(performance.now() - began < 3_000);
      assert.deepEqual(lines(checks, /^(server|version)/).slice(3), [
        'failed server north: no answer in 1500 ms',
        'failed version 1 north: not asked: the server does not answer',
        'failed version 2 north: not asked: the server does not answer',
      ]);
      assert.equal(typeof body, 'string');
    });
  });

  it('says what is wrong with an answer that is none', async () => {
    await inspected({ north: reply(200, '<html>', isInfer) }, ({ checks, body }) => {
      assert.match(
        lines(checks, /^answers 1/)[1] ?? '',
        /^failed answers 1 north: answered nonsense: no JSON: Unexpected token/,
      );
      assert.equal(body, undefined);
    });
  });

  it('leaves open what every site refuses, and asks for a sample', async () => {
    const refuse = reply(400, '{"error":"Input \\"x\\" must not be empty"}', isInfer);
    await inspected({ dubai: refuse, north: refuse }, ({ checks, body }, [bodies = []]) => {
      assert.deepEqual(
        lines(checks, /^answers 1/),
        ['dubai', 'north'].map(
          (site) =>
            `open answers 1 ${site}: not compared: it refuses made-up input (answered 400: Input "x" must not be empty); give --sample fraud=FILE.json`,
        ),
      );
      assert.equal(body, undefined);
      assert.equal(bodies.length, 2);
    });
    // A sample was said to be right, and one site alone that refuses is another answer.
    const sample = '{"inputs":[{"name":"x","data":[1,2,3,4]}]}';
    await inspected({ dubai: refuse, north: refuse, sample }, ({ checks }, [bodies]) => {
      assert.match(lines(checks, /^answers 1/)[0] ?? '', /^failed answers 1 dubai: answered 400/);
      assert.deepEqual(bodies, [sample, sample]);
    });
    await inspected({ north: refuse }, ({ checks }) => {
      assert.match(lines(checks, /^answers 1/)[1] ?? '', /^failed answers 1 north: answered 400/);
    });
  });

  it('leaves open what is too large to make up', async () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [4096, 4096] }];
    const dubai = reply(200, JSON.stringify({ inputs }), (path) => /versions\/\d$/.test(path));
    await inspected({ dubai }, ({ checks }) => {
      assert.equal(
        lines(checks, /^answers 1/)[0],
        'open answers 1 dubai: not compared: its inputs are too large to make up; give --sample fraud=FILE.json',
      );
    });
  });

  it('takes the metadata of a site that has them', async () => {
    const dubai = reply(500, 'broken', (path) => /versions\/\d$/.test(path));
    await inspected({ dubai }, ({ checks }) => {
      assert.match(lines(checks, /^answers 1/)[1] ?? '', /^ok answers 1 north/);
    });
    await inspected({ dubai, north: dubai }, ({ checks }) => {
      assert.equal(
        lines(checks, /^answers 1/)[1],
        'failed answers 1 north: not compared: no site gives the metadata (answered 500: broken; answered 500: broken)',
      );
    });
  });
});
