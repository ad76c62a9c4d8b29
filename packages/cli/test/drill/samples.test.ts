import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readSamples } from '../../src/drill/samples';
import { drilledProgram } from '../support/drilled';
import { project } from '../support/folders';

describe('readSamples', () => {
  const request = '{"inputs":[{"name":"x"}]}';
  const folder = project({ 'good.json': request, 'bad.json': '{"x":1}', 'none.json': 'null' });
  const file = (name: string): string => join(folder, name);

  it('reads a request as it stands', () => {
    const samples = readSamples([`fraud=${file('good.json')}`], drilledProgram());
    assert.deepEqual([...samples], [['fraud', request]]);
  });

  for (const [title, given, fault] of [
    ['what names no file', ['fraud'], '--sample: expected MODEL=FILE.json, received "fraud"'],
    ['a model that is not drilled', ['x=y.json'], '--sample: expected one of fraud; received "x"'],
    [
      'a file that is missing',
      ['fraud=missing.json'],
      /^--sample: cannot read "missing.json": ENOENT/,
    ],
    [
      'a file that is no request',
      [`fraud=${file('bad.json')}`],
      /bad\.json: expected the body of an infer request/,
    ],
    ['a file without anything', [`fraud=${file('none.json')}`], /none\.json: expected the body/],
    [
      'two for one model',
      [`fraud=${file('good.json')}`, `fraud=${file('good.json')}`],
      '--sample: fraud stands twice',
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      assert.throws(() => readSamples(given, drilledProgram()), { message: fault });
    });
  }
});
