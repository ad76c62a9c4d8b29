import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/paths';

function settings(name: string): Readonly<Record<string, unknown>> {
  return parse(readFileSync(join(repositoryRoot, name), 'utf8')) as Record<string, unknown>;
}

describe('the settings of npm test', () => {
  it('are those of every other run, and its files', () => {
    const { spec, ...others } = settings('.mocharc.unit.yml');
    assert.deepEqual(others, settings('.mocharc.yml'));
    assert.ok(Array.isArray(spec) && spec.length > 0);
  });

  it('reach the tests', function () {
    assert.equal(this.timeout(), settings('.mocharc.yml').timeout);
  });
});
