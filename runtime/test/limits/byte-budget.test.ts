import assert from 'node:assert/strict';
import { ServingError } from '../../src/errors';
import { ByteBudget } from '../../src/limits/byte-budget';

const mebibyte = 1024 * 1024;

describe('ByteBudget', () => {
  it('refuses what does not fit, and has it fit once another is over', () => {
    const budget = new ByteBudget(1000);
    const first = budget.hold();
    first.take(600);
    const second = budget.hold();
    assert.throws(
      () => {
        second.take(401);
      },
      (error) =>
        error instanceof ServingError &&
        error.code === 'BODIES_FULL' &&
        error.httpStatus === 503 &&
        error.retryAfterSeconds === 1,
    );
    assert.equal(budget.used, 600);
    first.release();
    second.take(401);
    assert.equal(budget.used, 401);
  });

  it('leaves the last quarter to requests of up to 256 KiB', () => {
    const budget = new ByteBudget(8 * mebibyte);
    const large = budget.hold();
    large.take(6 * mebibyte);
    assert.throws(() => {
      large.take(1);
    });
    const small = budget.hold();
    small.take(256 * 1024);
    assert.throws(() => {
      small.take(1);
    });
  });

  it('counts what is held now, not what was', () => {
    const budget = new ByteBudget(1000);
    const held = budget.hold();
    held.keep(900);
    held.keep(100);
    assert.equal(budget.used, 100);
    held.keep(0);
    assert.equal(budget.used, 0);
  });

  it('counts nothing for a request that is over', () => {
    const budget = new ByteBudget(1000);
    const held = budget.hold();
    held.take(500);
    held.release();
    held.release();
    held.take(5000);
    held.keep(5000);
    assert.equal(budget.used, 0);
  });
});
