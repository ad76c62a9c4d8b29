import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { ConfigMap } from 'cdk8s-plus-28';
import { chartObjects, late, manifestFiles } from '../../src';
import { derive } from '../../src/late/late';
import { lateFaults, lateValuesIn, readingLate } from '../../src/late/late-in-tree';
import { newSite, newZone } from '../support/fixtures';

function lateTree() {
  const app = new App();
  const site = newSite(newZone(app));
  new ConfigMap(site, 'c', { data: { b: late('zebra'), a: `${late('apple')}/${late('zebra')}` } });
  return app;
}

const fault =
  'late values apple, zebra are known only after deployment, and this reader of the tree would write their markers; fix: manara synth --values FILE, or deploy it with Pulumi';

describe('lateFaults', () => {
  it('names every late value, and how it is filled', () => {
    assert.deepEqual(lateFaults(lateTree()), [fault]);
  });

  it('finds none in a tree without late values, nor in one whose reader fills them', () => {
    assert.deepEqual(lateFaults(new App()), []);
    const app = lateTree();
    assert.deepEqual(
      readingLate(app, () => lateFaults(app)),
      [],
    );
  });

  it('is told of the reader by another copy of the package, and only while it reads', () => {
    const app = lateTree();
    const key = Symbol.for('@manara/constructs.fillsLate');
    Object.assign(app, { [key]: true });
    assert.deepEqual(lateFaults(app), []);
    Object.assign(app, { [key]: false });
    assert.throws(() =>
      readingLate(app, () => {
        throw new Error('broken');
      }),
    );
    assert.deepEqual(lateFaults(app), [fault]);
  });

  it('stops cdk8s’s own synth, and none of Manara’s readers', () => {
    const app = lateTree();
    assert.throws(
      () => app.synthYaml(),
      (error: Error) => error.message.includes(fault),
    );
    assert.equal(chartObjects(app).length, 1);
    assert.equal(manifestFiles(app, { apple: 'a', zebra: 'z' }).length, 1);
  });
});

describe('lateValuesIn', () => {
  it('looks at any depth, and behind computed values', () => {
    const digest = derive('digest', `x${late('inner')}`, (text) => text);
    const manifest = { a: [{ b: `p-${late('outer')}` }], c: digest, n: 1 };
    assert.deepEqual(
      lateValuesIn(manifest).map(({ name }) => name),
      ['outer', 'inner'],
    );
  });
});
