import assert from 'node:assert/strict';
import { ApiObject, JsonPatch } from 'cdk8s';
import { plain } from '../../src';
import { shownEvidence } from '../../src/dossier/evidence';
import { newSite, newZone } from '../support/fixtures';

function newObject(): ApiObject {
  return new ApiObject(newSite(newZone()), 'thing', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'thing', labels: { 'a/b': 'x' } },
    data: [{ on: true }, { on: true }],
  });
}

describe('shownEvidence', () => {
  it('names the object and the file that it is written to', () => {
    const { holds, text } = shownEvidence([{ object: newObject() }]);
    assert.equal(holds, true);
    assert.equal(plain(text), 'ConfigMap/thing in dubai/00-site.yaml');
  });

  it('shows the values of fields, of one object together', () => {
    const object = newObject();
    const { holds, text } = shownEvidence([
      { object, field: '/metadata/labels/a~1b', equals: 'x' },
      { object, field: '/data/*/on', equals: true },
      { said: ['and said'] },
    ]);
    assert.equal(holds, true);
    assert.equal(
      plain(text),
      'and said; ConfigMap/thing in dubai/00-site.yaml: metadata.labels.a/b is x, data.*.on is true',
    );
  });

  it('does not hold for another value, for one of several, or for none', () => {
    const object = newObject();
    const holds = (field: string, equals?: unknown): boolean =>
      shownEvidence([{ object, field, ...(equals === undefined ? {} : { equals }) }]).holds;
    assert.equal(holds('/metadata/labels/a~1b', 'y'), false);
    assert.equal(holds('/data/*/off', true), false);
    assert.equal(holds('/data/0/on', true), true);
    assert.equal(holds('/spec/*/x'), false);
    assert.equal(holds('/spec'), false);
    object.addJsonPatch(JsonPatch.replace('/data/1/on', false));
    assert.equal(holds('/data/*/on', true), false, 'a patch is seen');
  });
});
