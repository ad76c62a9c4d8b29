import assert from 'node:assert/strict';
import { UsageError } from '../../src/cli-error';
import { parseTargets } from '../../src/drill/targets';
import { drilledProgram } from '../support/drilled';

const more = `endpoint('other', [dubai, north]); endpoint('alone', [dubai]);`;

describe('parseTargets', () => {
  it('gives each endpoint its own address where there is one', () => {
    const stacks = drilledProgram({ recoverySeconds: 600, more });
    const [dubai, north] = stacks[0]?.stack.allSites ?? [];
    const targets = parseTargets(
      ['dubai=http://{endpoint}:1', 'dubai/other=http://127.0.0.1:2', 'north=http://127.0.0.1:3'],
      stacks,
    );
    assert.equal(targets(dubai!, 'fraud'), 'http://fraud:1');
    assert.equal(targets(dubai!, 'other'), 'http://127.0.0.1:2');
    assert.equal(targets(north!, 'other'), 'http://127.0.0.1:3');
  });

  it('takes a site whose endpoints all have an address of their own', () => {
    const stacks = drilledProgram({ more });
    const given = ['dubai/fraud=http://a', 'dubai/other=http://b', 'north=http://c'];
    const [dubai] = stacks[0]?.stack.allSites ?? [];
    assert.equal(parseTargets(given, stacks)(dubai!, 'other'), 'http://b');
  });

  const allowed =
    'allowed are dubai (fraud, other), north (fraud, other): --site ID=URL, or --site ID/ENDPOINT=URL for one endpoint';
  for (const [title, given, fault] of [
    [
      'a site that is missing',
      ['dubai=http://a', 'north/fraud=http://b'],
      '--site: expected every site, north missing',
    ],
    ['one that is unknown', ['tokyo=http://a'], '--site: "tokyo" is not drilled'],
    [
      'an endpoint of one site alone',
      ['dubai/alone=http://a'],
      '--site: "dubai/alone" is not drilled',
    ],
    ['one that stands twice', ['dubai=http://a', 'dubai=http://b'], '--site dubai: stands twice'],
    ['no address', ['dubai'], '--site: expected ID=URL, received "dubai"'],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.throws(() => parseTargets(given, drilledProgram({ more })), {
        name: UsageError.name,
        message: `${fault}; ${allowed}`,
      });
    });
  }
});
