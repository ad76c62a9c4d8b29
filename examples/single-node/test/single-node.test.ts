import assert from 'node:assert/strict';
import { auditTree, manifestFiles } from '@manara/constructs';
import { app } from '../main';

describe('example single-node', () => {
  it('breaks no residency rule, and says why each flow that it lacks is absent', () => {
    const [audit, ...others] = auditTree(app);
    assert.equal(others.length, 0);
    assert.equal(audit?.zone.name, 'shop');
    assert.deepEqual(audit.violations, []);
    assert.deepEqual(
      audit.flows.map(({ kind, status }) => `${kind} ${status}`),
      [
        'artifact declared',
        'image declared',
        'log declared',
        'metric absent',
        'trace absent',
        'backup absent',
        'standby absent',
      ],
    );
  });

  it('synthesizes one site with one endpoint', () => {
    assert.deepEqual(
      manifestFiles(app).map(({ folder, name, documents }) => [
        `${folder}/${name}`,
        documents.map(({ kind }) => kind),
      ]),
      [
        ['office/00-site.yaml', ['Namespace', 'NetworkPolicy']],
        [
          'office/fraud.yaml',
          [
            'ServiceAccount',
            'Deployment',
            'Service',
            'HorizontalPodAutoscaler',
            'PodDisruptionBudget',
            'NetworkPolicy',
          ],
        ],
      ],
    );
  });
});
