import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { refusedBank, violations } from '../src/refused-bank';

describe('refusedBank', () => {
  it('is refused over its logs, and over nothing else', () => {
    const found = violations(refusedBank());
    assert.deepEqual([...new Set(found.map(({ flow }) => flow.kind))], ['log']);
    const [first] = found;
    assert.equal(first.rule.id, 'flow-stays-in-zone');
    assert.match(first.verdict.because, /gcp:europe-west3, outside zone "uae-bank"/);
    assert.notEqual(first.verdict.fix, '');
  });

  it('notices a check that lets everything pass', () => {
    assert.throws(() => violations(new App()), { message: 'logs in Germany were not refused' });
  });
});
