import assert from 'node:assert/strict';
import { takeOver } from './field-managers';
import type { JsonObject } from '../plugin/json';

const entry = (manager: string, operation: string, fieldsV1: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  manager,
  operation,
  fieldsV1,
});

const object = (...managedFields: readonly JsonObject[]): JsonObject => ({
  metadata: { resourceVersion: '7', managedFields },
});

describe('taking fields over', () => {
  it('merges those of kubectl and of the creation into the manager’s own, and leaves others’', () => {
    const theirs = entry('kube-controller-manager', 'Update', { 'f:metadata': {} });
    const patch = takeOver(
      object(
        entry('kubectl-client-side-apply', 'Update', { 'f:data': { 'f:a': {} } }),
        theirs,
        entry('mine', 'Apply', { 'f:data': { 'f:b': {} } }),
        entry('pulumi-kubernetes', 'Update', { 'f:data': { 'f:c': {} } }),
      ),
      'mine',
    );
    const merged = { 'f:data': { 'f:a': {}, 'f:c': {}, 'f:b': {} } };
    assert.deepEqual(patch, [
      {
        op: 'replace',
        path: '/metadata/managedFields',
        value: [theirs, entry('mine', 'Apply', merged)],
      },
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
    ]);
  });

  it('has nothing to do where only others wrote, a status included', () => {
    const status = { ...entry('kubectl-edit', 'Update', {}), subresource: 'status' };
    assert.equal(
      takeOver(object(status, entry('argocd-controller', 'Apply', {})), 'mine'),
      undefined,
    );
  });
});
