import assert from 'node:assert/strict';
import { judge, parseExplanations } from '../lint/explanations';
import type { Finding } from '../lint/finding';

const table = `
| Tool | Check | Kind | Why |
|---|---|---|---|
| kube-score | \`container-resources\` | Deployment | A CPU limit throttles. |
| checkov | CKV_K8S_40 | Deployment | Not so. |
`;

const finding: Finding = {
  tool: 'kube-score',
  check: 'container-resources',
  kind: 'Deployment',
  object: 'Deployment/apps/v1/bank/fraud',
  message: 'CPU limit is not set',
};

describe('explanations of manifest findings', () => {
  it('are read from a Markdown table', () => {
    assert.deepEqual(parseExplanations(table), [
      {
        tool: 'kube-score',
        check: 'container-resources',
        kind: 'Deployment',
        why: 'A CPU limit throttles.',
      },
      { tool: 'checkov', check: 'CKV_K8S_40', kind: 'Deployment', why: 'Not so.' },
    ]);
  });

  it('must give a reason', () => {
    assert.throws(() => parseExplanations('| checkov | CKV_K8S_40 | Deployment | |'), {
      message: 'a row for checkov lacks its check, kind or reason: "CKV_K8S_40" "Deployment"',
    });
  });

  it('leave a finding of another kind or check unexplained, and show rows without a finding', () => {
    const [resources, uid] = parseExplanations(table);
    const other: Finding = { ...finding, kind: 'StatefulSet' };
    assert.deepEqual(judge([finding, other], [resources!, uid!]), {
      unexplained: [other],
      obsolete: [uid],
    });
  });
});
