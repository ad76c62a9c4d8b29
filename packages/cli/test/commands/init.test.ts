import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, temporaryFolder } from '../support/folders';
import { manara } from '../support/manara';

describe('manara init', () => {
  let parent: string;
  let folder: string;

  before(async () => {
    parent = temporaryFolder();
    folder = join(parent, 'shop');
    const { code, stdout } = await manara(['init', 'shop'], { cwd: parent });
    assert.equal(code, 0);
    assert.match(stdout, /^main\.ts$/m);
    // This is a clone: its own packages are installed, whatever a registry has.
    assert.match(
      stdout,
      /^Next:\n {2}cd shop\n {2}npm --prefix ".*" run pack\n {2}npm install ".*"\/\*\.tgz$/m,
    );
    // What `npm install` would bring.
    symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  });

  it('writes a project that compiles', function () {
    this.timeout(60_000);
    const tsc = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [tsc], { cwd: folder, stdio: 'pipe' });
  });

  it('writes a project that manara synthesizes and finds compliant', async () => {
    const synth = await manara(['synth'], { cwd: folder });
    assert.equal(synth.code, 0, synth.stderr);
    assert.match(synth.stdout, /^dist\/office\/fraud\.yaml 6 objects$/m);
    const audit = await manara(['audit', 'shop'], { cwd: parent });
    assert.equal(audit.code, 0, audit.stderr);
    assert.match(audit.stdout, /, 0 refused$/m);
  });

  it('ends with 1 where a file is in the way', async () => {
    const { code, stderr } = await manara(['init', 'shop'], { cwd: parent });
    assert.equal(code, 1);
    assert.match(stderr, /error: "shop" holds \.gitignore, \.npmrc, README\.md, .* already/);
  });
});
