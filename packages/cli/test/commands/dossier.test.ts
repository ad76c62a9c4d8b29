import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, repositoryRoot } from '../support/folders';
import { manara } from '../support/manara';
import { foreignLogs, officeProgram } from '../support/programs';

function read(cwd: string, file: string): string {
  return readFileSync(join(cwd, file), 'utf8');
}

describe('manara dossier', () => {
  it('writes Markdown and a page that say the same', async () => {
    const cwd = project({ 'main.ts': officeProgram() });
    const { code, stdout, stderr } = await manara(['dossier'], { cwd });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'dossier/dossier.md\ndossier/dossier.html\n');
    const markdown = read(cwd, 'dossier/dossier.md');
    const html = read(cwd, 'dossier/dossier.html');
    for (const text of ['Dossier of shop', 'Inference by fraud', 'Legal basis of zone shop']) {
      assert.ok(markdown.includes(text) && html.includes(text), text);
    }
    assert.match(
      markdown,
      /\nkubectl --context office apply -f dist\/office\n|kubectl --context office apply/,
    );
    assert.doesNotMatch(markdown, /npx tsc/, 'there is no tsconfig.json');
    await manara(['dossier', '-o', 'again'], { cwd });
    assert.equal(read(cwd, 'again/dossier.html'), html, 'the same tree gives the same text');
  });

  it('names the folder and the tsconfig as they were typed', async () => {
    const cwd = project({ 'app/main.ts': officeProgram(), 'app/tsconfig.json': '{}' });
    const { code } = await manara(['dossier', 'app'], { cwd });
    assert.equal(code, 0);
    const markdown = read(cwd, 'dossier/dossier.md');
    assert.match(markdown, /`npx tsc --noEmit -p app\/tsconfig\.json`/);
    assert.match(markdown, /`npx manara audit app`/);
  });

  it('writes it for a tree that breaks a rule, with the violation marked', async () => {
    const cwd = project({ 'main.ts': officeProgram({ logs: foreignLogs }) });
    const { code } = await manara(['dossier'], { cwd });
    assert.equal(code, 0);
    assert.match(read(cwd, 'dossier/dossier.md'), /\*\*✗ Zone shop is refused\.\*\*/);
    assert.match(read(cwd, 'dossier/dossier.html'), /class="callout bad"/);
  });

  it('takes late values from a file', async () => {
    const cwd = project({
      'main.ts': officeProgram({ bucket: `late('model-bucket')` }),
      'values.yaml': 'model-bucket: https://models.example\nunused: x\n',
    });
    await manara(['dossier', '-o', 'open'], { cwd });
    assert.match(read(cwd, 'open/dossier.md'), /‹model-bucket›/);
    const { code, stderr } = await manara(['dossier', '--values', 'values.yaml'], { cwd });
    assert.equal(code, 0);
    assert.match(stderr, /values\.yaml: unused: not used/);
    assert.doesNotMatch(read(cwd, 'dossier/dossier.md'), /‹|\$\{late:/);
    assert.match(read(cwd, 'dossier/dossier.md'), /https:\/\/models\.example\/fraud/);
  });

  it('refuses a tree without endpoints, and writes nothing', async () => {
    const cwd = project({ 'main.js': `exports.app = new (require('cdk8s').App)();` });
    const { code, stderr } = await manara(['dossier'], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /error: main\.js: .*expected at least one ModelEndpoint, received none/);
    assert.equal(existsSync(join(cwd, 'dossier')), false);
  });

  it('leaves what synth wrote, and what others wrote, in the folder of both', async () => {
    const cwd = project({ 'main.ts': officeProgram() });
    await manara(['synth', '-o', 'out'], { cwd });
    writeFileSync(join(cwd, 'out', 'note.txt'), 'mine');
    const { code } = await manara(['dossier', '-o', 'out'], { cwd });
    assert.equal(code, 0);
    for (const file of ['out/office/fraud.yaml', 'out/note.txt', 'out/dossier.md']) {
      assert.ok(existsSync(join(cwd, file)), file);
    }
    await manara(['synth', '-o', 'out'], { cwd });
    assert.ok(existsSync(join(cwd, 'out/dossier.html')));
  });

  it('gives the excerpt that its page shows', async () => {
    const cwd = project({});
    const bank = join(repositoryRoot, 'examples', 'uae-bank');
    const { code, stderr } = await manara(['dossier', bank], { cwd });
    assert.equal(code, 0, stderr);
    const page = read(repositoryRoot, 'docs/dossier.md');
    const excerpts = [...page.matchAll(/^(`{3,})text\n([\s\S]*?)^\1$/gm)].map(
      ([, , text = '']) => text,
    );
    assert.equal(excerpts.length, 3);
    const markdown = read(cwd, 'dossier/dossier.md').replaceAll(bank, 'examples/uae-bank');
    for (const excerpt of excerpts) {
      assert.ok(markdown.includes(excerpt.trim()), `${excerpt}\nis not in\n${markdown}`);
    }
  });
});
