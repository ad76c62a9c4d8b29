import assert from 'node:assert/strict';
import { Admission, type Load } from '../../src/engine/admission';

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

  it('learns that requests take longer than planned, and that they do no more', () => {
    const admission = new Admission();
    const load = { waitMillis: 400, runMillis: 100, limitMillis: 1000 };
    admission.check(load);
    for (let i = 0; i < 50; i++) admission.learn(load, 1500);
    assert.throws(() => {
      admission.check(load);
    });
    for (let i = 0; i < 2000; i++) admission.learn(load, 500);
    admission.check(load);
  });

  it('learns from what was dropped after a wait that was planned, and from no other', () => {
    const admission = new Admission();
    const load = { waitMillis: 400, runMillis: 100, limitMillis: 700 };
    // A deadline far too short for the run alone: neither more cautious for it, nor less.
    for (let i = 0; i < 5000; i++) {
      admission.learnExpired({ waitMillis: 0, runMillis: 100, limitMillis: 1 });
    }
    assert.ok(isLetIn(admission, load), 'too cautious');
    assert.ok(!isLetIn(admission, { ...load, limitMillis: 620 }), 'not cautious enough');
    for (let i = 0; i < 10; i++) admission.learnExpired(load);
    assert.ok(!isLetIn(admission, load));
  });

  it('comes to rest where one request in a hundred takes longer than allowed for', () => {
    const admission = new Admission();
    const load = { waitMillis: 300, runMillis: 100, limitMillis: 1000 };
    // Of a hundred requests one takes three times its plan, ninety-nine take 0.5 to 1.5 times.
    for (let i = 0; i < 20_000; i++) {
      admission.learn(load, 400 * (i % 100 === 0 ? 3 : 0.5 + (i % 99) / 98));
    }
    assert.ok(isLetIn(admission, { ...load, limitMillis: 900 }), 'too cautious');
    assert.ok(!isLetIn(admission, { ...load, limitMillis: 550 }), 'not cautious enough');
  });

  it('learns nothing from what hardly had to wait', () => {
    const admission = new Admission();
    for (let i = 0; i < 50; i++) {
      admission.learn({ waitMillis: 10, runMillis: 10, limitMillis: 1000 }, 500);
    }
    admission.check({ waitMillis: 790, runMillis: 10, limitMillis: 1000 });
  });
});

function isLetIn(admission: Admission, load: Load): boolean {
  try {
    admission.check(load);
    return true;
  } catch {
    return false;
  }
}
