import assert from 'node:assert/strict';
import { fraud, PaymentError } from '../src';

/** Encodes a payment that the compiler would refuse, as one parsed from JSON may be. */
function encode(changes: Readonly<Record<string, unknown>>): Float32Array {
  return fraud.encode([{ ...fraud.payments.groceries, ...changes }]);
}

function refuses(changes: Readonly<Record<string, unknown>>, ...faults: readonly string[]): void {
  assert.throws(
    () => encode(changes),
    (error) => {
      assert.ok(error instanceof PaymentError);
      assert.equal(error.name, 'PaymentError');
      assert.deepEqual(error.faults, faults);
      for (const fault of faults) assert.ok(error.message.includes(fault));
      return true;
    },
  );
}

describe('payment', () => {
  it('refuses a number that is none', () => {
    refuses({ amountAed: NaN }, 'amountAed is NaN; give a finite number, 0 or more');
    refuses({ amountAed: -1 }, 'amountAed is -1; give a finite number, 0 or more');
    refuses({ amountAed: '12' }, "amountAed is '12'; give a finite number, 0 or more");
    refuses({ cardAgeDays: Infinity }, 'cardAgeDays is Infinity; give a finite number, 0 or more');
  });

  it('refuses a usual amount of 0, which would divide by it', () => {
    refuses({ usualAmountAed: 0 }, 'usualAmountAed is 0; give a finite number above 0');
  });

  it('refuses half a payment in a count', () => {
    refuses({ paymentsLast24h: 1.5 }, 'paymentsLast24h is 1.5; give a whole number, 0 or more');
  });

  it('refuses an unknown category, naming those there are', () => {
    refuses(
      { category: 'gold' },
      'category is \'gold\'; give one of "groceries", "fuel", "travel", "electronics", "jewellery", "other"',
    );
  });

  it('refuses a time that is none, or whose place is unknown', () => {
    const allowed = 'give an ISO 8601 time with its offset, such as "2026-11-20T18:25:00+04:00"';
    refuses({ at: '2026-11-20T18:25:00' }, `at is '2026-11-20T18:25:00'; ${allowed}`);
    refuses({ at: '2026-13-20T18:25:00Z' }, `at is '2026-13-20T18:25:00Z'; ${allowed}`);
    refuses({ at: 0 }, `at is 0; ${allowed}`);
  });

  it('refuses a flag that is a number', () => {
    refuses({ cardPresent: 1 }, 'cardPresent is 1; give true or false');
  });

  it('lists every fault: what is wrong, what is missing, what is unknown', () => {
    refuses(
      { amountAed: -5, newMerchant: undefined, amount: 5 },
      'amountAed is -5; give a finite number, 0 or more',
      'newMerchant is undefined; give true or false',
      `amount is not a field of a payment; use ${Object.keys(fraud.payments.groceries).join(', ')}`,
    );
  });

  it('takes zeros where they are possible', () => {
    assert.equal(encode({ amountAed: 0, paymentsLast24h: 0, cardAgeDays: 0 }).length, 20);
  });
});
