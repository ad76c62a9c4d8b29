import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { manifestYaml } from '../../src/synth/manifest-yaml';

/** As both versions of YAML read it; Kubernetes' parser is a mix of the two. */
function readBack(yaml: string): readonly unknown[][] {
  return (['1.1', '1.2'] as const).map((version) =>
    [...parseAllDocuments(yaml, { version })].map((document) => {
      assert.deepEqual(document.errors, []);
      return document.toJS() as unknown;
    }),
  );
}

const texts = [
  '', ' ', '~', '-', '?', ':', '#', '%', '@', '`', '=', '<<', '*a', '&a', '!a', '|', '>', '{}', '[]',
  'y', 'N', 'yes', 'No', 'on', 'OFF', 'true', 'False', 'null', 'NULL',
  '0', '0123', '0o17', '0x1F', '0b1', '1_000', '12:30', '1e3', '.5', '.inf', '.NaN', '-1', '+1', '6.0',
  '2026-11-22', '2026-11-22T03:00:00Z', '10.20.0.0/24', '100m', '64Mi',
  'a: b', 'a #b', 'a:', ' a', 'a ', 'a\tb', "it's", 'say "x"', 'back\\slash', '/path', 'https://x:1',
  'a\nb', 'a\nb\n', 'a\n\nb\n\n', '\na', ' a\nb', 'a \nb', 'a\n b', 'a\r\nb', 'a\n\tb\n', '# a\nb\n', '---\na\n',
  'منارة', 'ن: و', '\u0000', '\u0007', '\u0085', '\u2028', '\ufeff', '😀', 'x'.repeat(300), 'a b '.repeat(80),
]; // prettier-ignore

describe('manifestYaml', () => {
  for (const text of texts) {
    it(`keeps ${JSON.stringify(text.slice(0, 20))} text, as a value, a key and an item`, () => {
      const document = { nested: { [text]: [text] }, list: [text], last: text };
      for (const documents of readBack(manifestYaml([document]))) {
        assert.deepEqual(documents, [document]);
      }
    });
  }

  it('quotes what only some parsers read as text', () => {
    assert.equal(
      manifestYaml([{ a: 'on', b: '0o17', c: '1e3', d: 'plain', e: '12:30', f: 'Off' }]),
      'a: "on"\nb: "0o17"\nc: "1e3"\nd: plain\ne: "12:30"\nf: "Off"\n',
    );
  });

  it('writes numbers, booleans, nothing and empty collections as they are', () => {
    const document = { a: 1, b: 0.5, c: true, d: null, e: {}, f: [] };
    assert.equal(manifestYaml([document]), 'a: 1\nb: 0.5\nc: true\nd: null\ne: {}\nf: []\n');
  });

  it('writes a configuration as a block that people can read', () => {
    assert.equal(
      manifestYaml([{ data: { 'config.json': '{\n  "a": 1\n}\n' } }]),
      'data:\n  config.json: |\n    {\n      "a": 1\n    }\n',
    );
  });

  it('repeats what appears twice, without anchors', () => {
    const labels = { app: 'x' };
    assert.equal(manifestYaml([{ a: labels, b: labels }]), 'a:\n  app: x\nb:\n  app: x\n');
  });

  it('separates documents', () => {
    assert.equal(manifestYaml([{ kind: 'A' }, { kind: 'B' }]), 'kind: A\n---\nkind: B\n');
  });
});
