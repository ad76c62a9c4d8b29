import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { manifestFiles } from '../src';
import { constructErrorCodes } from '../src/construct-error';
import { compile, type Diagnostics } from './support/compile';
import { emitExamples, runExample, yamlFor } from './support/doc-examples';
import { constructPages, type Example, fencesOf, type Page } from './support/doc-pages';
import { repositoryFolder } from './support/folders';

/** `MANARA_UPDATE_DOCS=1 npm test` writes what the examples give into the pages. */
const update = process.env.MANARA_UPDATE_DOCS === '1';

const pages = constructPages();
const examples = pages.flatMap((page) => page.examples);

describe('construct pages', function () {
  this.timeout(60_000);
  let diagnostics: Diagnostics;

  before(() => {
    diagnostics = compile(Object.fromEntries(examples.map((e) => [e.name, e.source])));
    emitExamples(examples);
  });

  it('name each example once', () => {
    const names = examples.map((e) => e.name);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) < i),
      [],
    );
  });

  for (const page of pages) {
    describe(page.name, () => {
      it('has an example', () => {
        assert(page.examples.length > 0);
      });

      for (const example of page.examples) {
        it(`${example.name}.ts does what the page says`, async () => {
          const actual = await outcomeOf(example, diagnostics[example.name] ?? []);
          if (example.outcome === undefined) assert.equal(actual, '');
          else if (update) rewrite(page, example, actual);
          else assert.equal(example.outcome.text, actual, 'MANARA_UPDATE_DOCS=1 rewrites the page');
        });
      }
    });
  }
});

/** What the compiler refuses, else what running or synthesizing it throws, else the YAML of its block. */
async function outcomeOf(example: Example, messages: readonly string[]): Promise<string> {
  if (messages.length > 0) return `${messages.join('\n')}\n`;
  const heading = example.outcome?.text.split('\n', 1)[0] ?? '';
  try {
    const { app } = runExample(example.name);
    if (app === undefined) return '';
    if (example.outcome?.language === 'yaml') return await yamlFor(app, heading);
    manifestFiles(app);
    return '';
  } catch (error) {
    return `${(error as Error).message}\n`;
  }
}

/** Blocks are found anew: an earlier example of the page may have moved this one. */
function rewrite(page: Page, example: Example, actual: string): void {
  const text = readFileSync(page.path, 'utf8');
  const fences = fencesOf(text);
  const block = fences[fences.findIndex((f) => f.text.startsWith(`// ${example.name}.ts\n`)) + 1];
  assert(block !== undefined);
  writeFileSync(page.path, text.slice(0, block.start) + actual + text.slice(block.end));
}

describe('docs/errors.md', () => {
  it('lists every code of ConstructError, and no other', () => {
    const text = readFileSync(join(repositoryFolder, 'docs/errors.md'), 'utf8');
    const section = /^## ConstructError$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)?.[1] ?? '';
    const listed = [...section.matchAll(/^### (\w+)$/gm)].map((match) => match[1]);
    assert.deepEqual(listed, [...constructErrorCodes]);
  });
});

describe('docs/decisions', () => {
  const folder = join(repositoryFolder, 'docs/decisions');
  const records = readdirSync(folder)
    .filter((name) => /^\d{4}-/.test(name))
    .sort();

  it('are numbered without a gap', () => {
    assert(records.length > 0);
    assert.deepEqual(
      records.map((name) => Number(name.slice(0, 4))),
      records.map((_, i) => i + 1),
    );
  });

  for (const name of records) {
    it(`${basename(name, '.md')} says context, decision and consequences, briefly`, () => {
      const text = readFileSync(join(folder, name), 'utf8');
      const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
      assert.deepEqual(headings, ['Context', 'Decision', 'Consequences']);
      assert(text.trimEnd().split('\n').length <= 25);
    });
  }
});
