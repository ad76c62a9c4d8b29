import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bedBinaries } from '../bed/binaries';
import { yamlFiles } from '../support/documents';
import { synthesizedSites } from '../support/examples';
import { repositoryRoot } from '../support/paths';
import { pythonWith } from '../support/python';
import { checkov } from './checkov';
import { judge, parseExplanations, type Explanation } from './explanations';
import type { Finding } from './finding';
import { kubeScore } from './kube-score';

type Linter = (folder: string) => readonly Finding[];

/** Each gives `undefined` where the tool cannot be had on this machine. */
const linters: Readonly<Record<Finding['tool'], () => Linter | undefined>> = {
  'kube-score': () => {
    const binaries = bedBinaries('kube-score');
    return binaries && ((folder) => kubeScore(binaries['kube-score'], yamlFiles(folder)));
  },
  checkov: () => {
    const python = pythonWith(join(repositoryRoot, 'test', 'lint', 'requirements.txt'));
    return python === undefined ? undefined : (folder) => checkov(python, folder);
  },
};

const page = join(repositoryRoot, 'docs', 'manifest-lint.md');
const sites = synthesizedSites();

for (const tool of ['kube-score', 'checkov'] as const) {
  describe(`${tool} over the examples' manifests`, function () {
    this.timeout(300_000);
    let lint: Linter;
    const findings: Finding[] = [];
    let explanations: readonly Explanation[];

    before(function () {
      this.timeout(0);
      const linter = linters[tool]();
      if (linter === undefined) return this.skip();
      lint = linter;
      explanations = parseExplanations(readFileSync(page, 'utf8')).filter(
        (row) => row.tool === tool,
      );
    });

    it('finds what is wrong with a careless Deployment', () => {
      const folder = mkdtempSync(join(tmpdir(), 'manara-lint-'));
      try {
        writeFileSync(join(folder, 'careless.yaml'), careless);
        const checks = lint(folder).map(({ check, kind }) => `${check} ${kind}`);
        const expected = { 'kube-score': 'container-resources', checkov: 'CKV_K8S_20' }[tool];
        assert.ok(checks.includes(`${expected} Deployment`), checks.join('\n'));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    for (const { title, folder } of sites) {
      it(`finds nothing in ${title} that docs/manifest-lint.md does not explain`, () => {
        const found = lint(folder);
        findings.push(...found);
        assert.deepEqual(judge(found, explanations).unexplained, []);
      });
    }

    it('finds everything that docs/manifest-lint.md explains', () => {
      assert.notEqual(sites.length, 0);
      assert.deepEqual(judge(findings, explanations).obsolete, []);
    });
  });
}

const careless = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: careless, namespace: bank }
spec:
  selector: { matchLabels: { app: careless } }
  template:
    metadata: { labels: { app: careless } }
    spec:
      containers: [{ name: careless, image: careless }]
`;
