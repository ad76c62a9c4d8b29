import assert from 'node:assert/strict';
import { late } from '@manara/constructs';
import * as pulumi from '@pulumi/pulumi';
import { documentFaults } from '../src/document-faults';
import { errorText } from './support/error-text';

const outputFault =
  "holds the error text of a Pulumi Output that was put into a string; put late('name', output) there instead of the Output";

describe('documentFaults', () => {
  it('finds none in plain text and in late values that have a source', () => {
    const image = `${late('faultless', pulumi.output('r'))}/x`;
    assert.deepEqual(documentFaults('a/b', { kind: 'Pod', spec: { n: 1, on: true, image } }), []);
  });

  it('names the construct, the field and the fix, one line each', () => {
    const manifest = { spec: { args: ['fine', errorText] }, note: `-${late('unsourced')}-` };
    assert.deepEqual(documentFaults('a/b', manifest), [
      `a/b: spec.args.1: ${outputFault}`,
      `a/b: note: late value "unsourced" has no source; expected late('unsourced', output) with a Pulumi Output, a promise, or text such as that of pulumi.Config`,
    ]);
  });

  it("finds Pulumi's error text in a key, in JSON and in a Secret's base64", () => {
    const json = JSON.stringify({ uri: pulumi.output('x') });
    const password = Buffer.from(errorText).toString('base64');
    const manifest = { metadata: { labels: { [errorText]: '' } }, data: { json, password } };
    assert.deepEqual(documentFaults('a/b', manifest), [
      `a/b: metadata.labels.<key>: ${outputFault}`,
      `a/b: data.json: ${outputFault}`,
      `a/b: data.password: ${outputFault}`,
    ]);
  });
});
