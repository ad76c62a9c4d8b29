import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { compile, emit, outcomeOf } from './support/doc-examples';
import { awsPages, type Example, type Page } from './support/doc-pages';

/** `MANARA_UPDATE_DOCS=1 npm test` writes what the examples give into the pages. */
const update = process.env.MANARA_UPDATE_DOCS === '1';

const pages = awsPages();
const examples = pages.flatMap((page) => page.examples);

describe('pages of AWS', function () {
  this.timeout(120_000);
  let diagnostics: ReturnType<typeof compile>;

  before(() => {
    diagnostics = compile(examples);
    emit(examples);
  });

  it('name each example once', () => {
    const names = examples.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
  });

  for (const page of pages) {
    describe(page.file, () => {
      it('has an example', () => {
        assert(page.examples.length > 0);
      });

      for (const example of page.examples) {
        it(`${example.name}.ts does what the page says`, async () => {
          const actual = await actualOf(example);
          if (example.outcome === undefined) assert.match(actual, /^# /);
          else if (update) rewrite(page, example.outcome, actual);
          else assert.equal(example.outcome, actual, 'MANARA_UPDATE_DOCS=1 rewrites the page');
        });
      }
    });
  }

  async function actualOf({ name, outcome }: Example): Promise<string> {
    const messages = diagnostics.get(name) ?? [];
    if (messages.length > 0) return `${messages.join('\n')}\n`;
    return outcomeOf(name, outcome?.split('\n', 1)[0] ?? '');
  }
});

function rewrite({ path }: Page, outcome: string, actual: string): void {
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace('```text\n' + outcome + '```', () => '```text\n' + actual + '```'),
  );
}
