import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type MarkdownPage, readMarkdown } from '../support/markdown';
import { markdownFiles, repositoryRoot } from '../support/paths';

/** A link with a scheme leads out of the repository; whether it is alive is not for a unit test. */
const external = /^[a-z][a-z0-9+.-]*:/i;

const pages: ReadonlyMap<string, MarkdownPage> = new Map(
  markdownFiles().map((path) => [path, readMarkdown(readFileSync(path, 'utf8'))]),
);

describe('links of the documentation', () => {
  it('are looked for in every page', () => {
    const names = [...pages.keys()].map((path) => relative(repositoryRoot, path));
    for (const name of [
      'README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      'docs/cli.md',
      'docs/constructs/site.md',
      'packages/cli/README.md',
      'runtime/README.md',
    ]) {
      assert.ok(names.includes(name), `${name} is missing among ${names.join(', ')}`);
    }
  });

  for (const [path, { links }] of pages) {
    it(`lead somewhere in ${relative(repositoryRoot, path)}`, () => {
      const broken = links.filter((link) => !external.test(link) && !leadsSomewhere(path, link));
      assert.deepEqual(broken, []);
    });
  }
});

/** A file or folder of the repository, and a heading of it where the link names one. */
function leadsSomewhere(from: string, link: string): boolean {
  const [file = '', anchor] = decodeURIComponent(link).split('#', 2);
  const target = file === '' ? from : join(dirname(from), file);
  if (relative(repositoryRoot, target).startsWith('..') || !existsSync(target)) return false;
  if (anchor === undefined) return true;
  // The lines of a source file are no headings, and only pages are read for those.
  return statSync(target).isFile() && (pages.get(target)?.anchors.has(anchor) ?? false);
}
