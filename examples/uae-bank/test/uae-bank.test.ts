import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { auditTree, chartObjects, manifestFiles } from '@manara/constructs';
import { Yaml } from 'cdk8s';
import { app } from '../main';

// Compiled tests run in `build/test`.
const example = resolve(__dirname, '..', '..');

describe('example uae-bank', () => {
  it('breaks no residency rule, and no flow leaves the two clouds of its zone', () => {
    const [audit, ...others] = auditTree(app);
    assert.equal(others.length, 0);
    assert.deepEqual(audit?.violations, []);
    const places = audit.flows.flatMap((flow) =>
      flow.status === 'declared' ? [flow.from.place, flow.to.place] : [],
    );
    assert.deepEqual([...new Set(places)].sort(), ['aws:me-central-1', 'azure:uaenorth']);
    const kinds = new Set(audit.flows.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), [
      'artifact',
      'backup',
      'image',
      'log',
      'metric',
      'standby',
      'trace',
    ]);
  });

  it('synthesizes both endpoints on both sites', () => {
    assert.deepEqual(
      manifestFiles(app).map(({ folder, name }) => `${folder}/${name}`),
      [
        'aws-me-central-1/00-site.yaml',
        'aws-me-central-1/uae.yaml',
        'aws-me-central-1/fraud.yaml',
        'aws-me-central-1/document-reader.yaml',
        'azure-uaenorth/00-site.yaml',
        'azure-uaenorth/fraud.yaml',
        'azure-uaenorth/document-reader.yaml',
      ],
    );
  });

  it("is synthesized by cdk8s's own command line, to the same objects", function () {
    this.timeout(60_000);
    const output = mkdtempSync(join(tmpdir(), 'manara-cdk8s-'));
    try {
      const cdk8s = join(example, '..', '..', 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
      // Without the flag it asks a registry for its newest version.
      const args = [cdk8s, 'synth', '--check-upgrade=false', '--output', output];
      execFileSync(process.execPath, args, { cwd: example, stdio: 'pipe' });
      const files = readdirSync(output).filter((name) => name.endsWith('.k8s.yaml'));
      assert.equal(files.length, 2);
      const written = files.flatMap(
        (name) => Yaml.load(join(output, name)) as readonly Readonly<Record<string, unknown>>[],
      );
      const expected = chartObjects(app).flatMap(({ objects }) => objects.map((o) => o.manifest));
      assert.deepEqual(written.map(keyOf).sort(), expected.map(keyOf).sort());
      assert.equal(written.length, 41);
      assert.ok(readFileSync(join(output, files[0] ?? ''), 'utf8').includes('manara-server'));
    } finally {
      rmSync(output, { recursive: true, force: true });
    }
  });
});

/** A document's text, whatever the order of its keys. */
function keyOf(document: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
