import assert from 'node:assert/strict';
import { nameOf, parseDocuments } from '../support/documents';

describe('parseDocuments', () => {
  it('reads every document of a file as Kubernetes does: YAML 1.1', () => {
    const text = [
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: bank\ndata: { on: yes }',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: b\n',
    ].join('\n---\n');
    const documents = parseDocuments(text, 'x.yaml');
    assert.deepEqual(documents.map(nameOf), ['ConfigMap bank/a', 'Service b']);
    assert.deepEqual(documents[0]?.data, { true: true });
  });

  it('names the file of a syntax error and of a document that is no object of Kubernetes', () => {
    assert.throws(() => parseDocuments('a: [', 'x.yaml'), /^Error: x\.yaml: /);
    assert.throws(() => parseDocuments('a: 1', 'x.yaml'), {
      message: 'x.yaml: document 1 has no apiVersion, kind or metadata',
    });
  });
});
