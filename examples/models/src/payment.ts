import { inspect } from 'node:util';

/** What is bought, as far as the fraud model tells goods apart. */
export const categories = [
  'groceries',
  'fuel',
  'travel',
  'electronics',
  'jewellery',
  'other',
] as const;

export type Category = (typeof categories)[number];

/** One card payment, in the units that a payment system knows it by. */
export interface Payment {
  /** ISO 8601 with an offset from UTC, such as `2026-11-20T18:25:00+04:00`. */
  readonly at: string;
  readonly amountAed: number;
  /** Median amount of the card's payments, more than 0. */
  readonly usualAmountAed: number;
  readonly category: Category;
  /** Kilometres between the holder's home and the merchant; for a payment online, the delivery. */
  readonly distanceFromHomeKm: number;
  readonly secondsSinceLastPayment: number;
  readonly paymentsLast24h: number;
  readonly spentLast24hAed: number;
  readonly declinesLast24h: number;
  readonly cardAgeDays: number;
  readonly foreignMerchant: boolean;
  readonly cardPresent: boolean;
  /** PIN, 3-D Secure or a biometric. */
  readonly stronglyAuthenticated: boolean;
  /** The card's first payment to this merchant. */
  readonly newMerchant: boolean;
}

/** Says what a value should have been, or nothing where it is right. */
type Rule = (value: unknown) => string | undefined;

const timestamp: Rule = (value) =>
  typeof value === 'string' &&
  /T\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? undefined
    : 'an ISO 8601 time with its offset, such as "2026-11-20T18:25:00+04:00"';

const amount: Rule = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'a finite number, 0 or more';

const positive: Rule = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? undefined
    : 'a finite number above 0';

const count: Rule = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'a whole number, 0 or more';

const flag: Rule = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

const category: Rule = (value) =>
  (categories as readonly unknown[]).includes(value)
    ? undefined
    : `one of ${categories.map((name) => `"${name}"`).join(', ')}`;

const rules: Readonly<Record<keyof Payment, Rule>> = {
  at: timestamp,
  amountAed: amount,
  usualAmountAed: positive,
  category,
  distanceFromHomeKm: amount,
  secondsSinceLastPayment: amount,
  paymentsLast24h: count,
  spentLast24hAed: amount,
  declinesLast24h: count,
  cardAgeDays: amount,
  foreignMerchant: flag,
  cardPresent: flag,
  stronglyAuthenticated: flag,
  newMerchant: flag,
};

/** A payment that the model was not made for. Lists every fault, not just the first. */
export class PaymentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The payment is not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'PaymentError';
  }
}

/**
 * Checks a payment that came from outside, such as parsed JSON.
 *
 * @throws PaymentError naming each field at fault, the value received and what is allowed.
 */
export function checkPayment(payment: Payment): void {
  const given = payment as unknown as Readonly<Record<string, unknown>>;
  const faults = Object.entries(rules).flatMap(([field, rule]) => {
    const value = given[field];
    const expected = rule(value);
    return expected === undefined
      ? []
      : [`${field} is ${inspect(value, { depth: 0 })}; give ${expected}`];
  });
  const unknown = Object.keys(given).filter((field) => !(field in rules));
  faults.push(
    ...unknown.map((f) => `${f} is not a field of a payment; use ${Object.keys(rules).join(', ')}`),
  );
  if (faults.length > 0) throw new PaymentError(faults);
}
