import assert from 'node:assert/strict';
import { Admission } from '../../src/engine/admission';

describe('Admission', () => {
  it('lets in what is expected in time, and says when to come again otherwise', () => {
    const admission = new Admission();
    admission.check({ waitMillis: 700, runMillis: 100, limitMillis: 1000 });
    assert.throws(
      () => {
        admission.check({ waitMillis: 3000, runMillis: 100, limitMillis: 1000 });
      },
      { code: 'OVERLOADED', httpStatus: 503, retryAfterSeconds: 3 },
    );
    assert.throws(
      () => {
        admission.check({ waitMillis: 702, runMillis: 100, limitMillis: 1000 });
      },
      { retryAfterSeconds: 1 },
    );
  });

  it('lets in what need not wait, however long its run: nobody else could run it sooner', () => {
    new Admission().check({ waitMillis: 0, runMillis: 5000, limitMillis: 1000 });
  });

  it('learns that waits turn out longer than planned', () => {
    const admission = new Admission();
    const load = { waitMillis: 400, runMillis: 0, limitMillis: 1000 };
    admission.check(load);
    for (let i = 0; i < 50; i++) admission.learn(100, 300);
    assert.throws(() => {
      admission.check(load);
    });
    for (let i = 0; i < 50; i++) admission.learn(100, 100);
    admission.check(load);
  });

  it('learns nothing from what hardly had to wait', () => {
    const admission = new Admission();
    for (let i = 0; i < 50; i++) admission.learn(1, 50);
    admission.check({ waitMillis: 790, runMillis: 0, limitMillis: 1000 });
  });
});
