import assert from 'node:assert/strict';
import { version } from '../src/version';
import { temporaryFolder } from './support/folders';
import { manara } from './support/manara';

const commands = ['init', 'synth', 'audit', 'dev', 'drill'] as const;

describe('manara: the command line', () => {
  it('prints its version', async () => {
    assert.deepEqual(await manara(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints help on request, to standard output', async () => {
    const { code, stdout, stderr } = await manara(['--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    for (const command of commands) assert.match(stdout, new RegExp(`^  ${command} .*DIR`, 'm'));
    assert.match(stdout, /Exit codes: 0 done, 1 failed or refused, 2 wrong command line/);
  });

  for (const command of commands) {
    it(`prints help for ${command}, with examples that begin with it`, async () => {
      const { code, stdout } = await manara([command, '--help']);
      assert.equal(code, 0);
      const [, examples = ''] = stdout.split('Examples:\n');
      assert.match(examples, new RegExp(`^  manara ${command}`));
      assert.match(examples, /^Exit codes: 0 .*, 1 .*, 2 wrong command line/m);
    });

    it(`refuses an unknown option of ${command} with 2`, async () => {
      const { code, stdout, stderr } = await manara([command, '--colour']);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /unknown option '--colour'/);
      assert.match(stderr, new RegExp(`manara ${command} --help`));
    });

    it(`refuses a second folder for ${command} with 2`, async () => {
      const { code, stderr } = await manara([command, 'a', 'b']);
      assert.equal(code, 2);
      assert.match(stderr, /too many arguments/);
    });
  }

  it('shows its help, to standard error, where no command is given', async () => {
    const { code, stdout, stderr } = await manara([]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^Usage: manara/);
  });

  it('suggests the command that was meant', async () => {
    const { code, stderr } = await manara(['synht']);
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean synth\?/);
  });

  it('refuses a folder that is missing, or holds no program, with 2', async () => {
    const missing = await manara(['synth', '/nowhere']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /error: DIR: expected a folder, but there is none at "\/nowhere"/);
    const empty = await manara(['audit', temporaryFolder()]);
    assert.equal(empty.code, 2);
    assert.match(empty.stderr, /error: DIR: expected main\.ts or main\.js in/);
  });

  it('shows the stack of an error only where it is asked for', async () => {
    const folder = temporaryFolder();
    const plain = await manara(['synth', folder]);
    assert.doesNotMatch(plain.stderr, /^ +at /m);
    assert.match((await manara(['synth', folder, '--verbose'])).stderr, /^ +at .*load-program/m);
    const env = { MANARA_DEBUG: '1' };
    assert.match((await manara(['synth', folder], { env })).stderr, /^ +at .*load-program/m);
  });
});
