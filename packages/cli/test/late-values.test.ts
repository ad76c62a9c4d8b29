import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CliError, UsageError } from '../src/cli-error';
import { readLateValues } from '../src/late-values';
import { project } from './support/folders';

function file(text: string): string {
  return join(project({ values: text }), 'values');
}

describe('readLateValues', () => {
  it('reads JSON and YAML', () => {
    assert.deepEqual(readLateValues(file('{"bucket": "s3://models"}')), { bucket: 's3://models' });
    assert.deepEqual(readLateValues(file('bucket: s3://models\n')), { bucket: 's3://models' });
  });

  it('refuses a file that is missing as a wrong command line', () => {
    assert.throws(() => readLateValues('/nowhere.json'), {
      name: UsageError.name,
      message: /^--values: cannot read "\/nowhere\.json": ENOENT/,
    });
  });

  it('refuses a value that is no text, and says how to make it one', () => {
    const path = file('account: 0123\n');
    assert.throws(() => readLateValues(path), {
      name: CliError.name,
      message: `${path}: account: expected text, received 123; put it in quotes`,
    });
  });

  it('refuses what is no mapping', () => {
    for (const text of ['', '[]', 'text', 'null']) {
      assert.throws(() => readLateValues(file(text)), /expected texts by name, such as/);
    }
  });

  it('refuses what does not parse', () => {
    assert.throws(() => readLateValues(file('{"a": ')), /is neither JSON nor YAML: /);
  });
});
