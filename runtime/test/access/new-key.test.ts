import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseApiKeyFile } from '@manara/contract';
import { ApiKeys } from '../../src/access/api-keys';
import { runNewKey } from '../../src/access/new-key';
import { Rules } from '../../src/access/rules';
import { TemporaryRepository } from '../support/temporary';

describe('manara-server new-key', () => {
  let folder: TemporaryRepository;
  beforeEach(() => {
    folder = new TemporaryRepository();
  });
  afterEach(() => {
    folder.remove();
  });

  const run = (...args: readonly string[]): { code: number; out: string; err: string } => {
    let [out, err] = ['', ''];
    const code = runNewKey(
      args,
      (text) => (out += text),
      (text) => (err += text),
    );
    return { code, out, err };
  };

  it('adds entries to a file, and prints each key alone, once', () => {
    const file = join(folder.folder, 'keys.json');
    const first = run('--caller', 'payments', '--group', 'retail', '--file', file);
    const second = run('--caller', 'ops', '--expires', '2999-01-01', '--file', file);
    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.match(first.out, /^mnr_\S+\n$/);
    assert.equal(first.err, `Added to ${file}. The key, which is shown this once:\n`);
    const text = readFileSync(file, 'utf8');
    assert.equal(text.includes(first.out.trim()), false);
    assert.deepEqual(
      parseApiKeyFile(text).keys.map(({ caller, groups, expires }) => [caller, groups, expires]),
      [
        ['payments', ['retail'], undefined],
        ['ops', undefined, '2999-01-01T00:00:00.000Z'],
      ],
    );
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const keys = new ApiKeys(new Rules([]));
    keys.replace(text);
    assert.equal(keys.identify(first.out.trim(), Date.now()).id, 'payments');
    assert.equal(keys.identify(second.out.trim(), Date.now()).id, 'ops');
  });

  it('prints the entry where no file is named', () => {
    const { out, err } = run('--caller', 'payments');
    const [title, entry = ''] = err.split('\n');
    assert.equal(title, 'Add to "keys" of the key file:');
    const keys = new ApiKeys(new Rules([]));
    keys.replace(`{"keys":[${entry}]}`);
    assert.equal(keys.identify(out.trim(), Date.now()).id, 'payments');
  });

  it('refuses names with a colon, times that are over, and files that are none', () => {
    const refused: readonly (readonly [readonly string[], number, RegExp])[] = [
      [[], 2, /required option '--caller <name>' not specified/],
      [['--caller', 'oidc:alice'], 2, /Expected 1 to 128 characters, and no colon/],
      [['--caller', 'a', '--expires', '2020-01-01'], 2, /Expected a time that is to come/],
      [['--caller', 'a', '--expires', 'soon'], 2, /Expected a time\./],
      [['--caller', 'a', '--file', folder.write('x', '[]')], 1, /expected object/],
      [
        ['--caller', 'a', '--file', join(folder.folder, 'absent', 'keys.json')],
        1,
        /keys\.json: the folder \S+\/absent does not exist; make it first\n$/,
      ],
    ];
    for (const [args, code, message] of refused) {
      const got = run(...args);
      assert.equal(got.code, code);
      assert.equal(got.out, '');
      assert.match(got.err, message);
    }
    assert.equal(run('--help').code, 0);
  });
});
