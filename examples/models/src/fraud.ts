import { packageFile, readJson } from './files';
import { categories, checkPayment, type Payment } from './payment';

/** Name of the model, its folder and its endpoint. */
export const modelName = 'fraud';

/**
 * Versions, oldest first: 1 is a neural network of two hidden layers, 2 gradient-boosted trees.
 * Both take `features` FP32 [-1, 20] and give `label` INT64 [-1] and `probabilities` FP32 [-1, 2].
 */
export const versions = [1, 2] as const;

export type FraudVersion = (typeof versions)[number];

/** Folder in Triton's layout that holds the fraud model's versions, and nothing else. */
export const repositoryPath = packageFile('repository');

/** Path of a version's ONNX file. */
export function versionFile(version: FraudVersion): string {
  return packageFile('repository', modelName, String(version), 'model.onnx');
}

/** Names of the 20 features, in the order that the model reads them. `log_x` is log(1 + x). */
export const features = [
  'log_amount_aed',
  'log_amount_over_usual',
  'hour_sin',
  'hour_cos',
  'weekend',
  'log_distance_from_home_km',
  'log_seconds_since_last_payment',
  'payments_last_24h',
  'log_spent_last_24h_aed',
  'declines_last_24h',
  'log_card_age_days',
  'foreign_merchant',
  'card_present',
  'strongly_authenticated',
  'new_merchant',
  'category_groceries',
  'category_fuel',
  'category_travel',
  'category_electronics',
  'category_jewellery',
] as const;

/**
 * The model's input `features` for some payments: FP32 of shape [payments, 20], row after row.
 * The same encoding as `fraud/generate.py`, which the model learned from.
 *
 * @throws PaymentError where a payment is not valid.
 */
export function encode(payments: readonly Payment[]): Float32Array {
  return Float32Array.from(payments.flatMap(encodeOne));
}

/** Probability of fraud per payment, from the model's output `probabilities` of shape [payments, 2]. */
export function fraudProbabilities(probabilities: ArrayLike<number>): number[] {
  return Array.from(probabilities).filter((_, index) => index % 2 === 1);
}

export type PaymentName = 'groceries' | 'hotelAbroad' | 'stolenNumber' | 'clonedCard';

/**
 * Payments to try: groceries after work, a hotel abroad paid with a PIN, a stolen card number used
 * at night on another continent, and a copy of a card paying 4,870 km from where its owner paid
 * 21 minutes earlier.
 */
export const payments = readJson('fraud', 'payments.json') as Readonly<
  Record<PaymentName, Payment>
>;

/** What scikit-learn itself answers, recorded when the versions were trained. */
export const expected = readJson('fraud', 'expected.json') as ExpectedAnswers;

export interface ExpectedAnswers {
  readonly features: readonly string[];
  /** Area under the ROC curve of the rule that made the labels: no model can do better. */
  readonly bestPossibleAuc: number;
  readonly versions: Readonly<
    Record<
      FraudVersion,
      {
        /** Of the ONNX file, as its size in bytes. */
        readonly sha256: string;
        readonly bytes: number;
        readonly auc: number;
        readonly averagePrecision: number;
      }
    >
  >;
  readonly payments: Readonly<Record<PaymentName, ExpectedRow>>;
  /** 32 payments that neither version was trained on. */
  readonly heldOut: {
    readonly features: readonly (readonly number[])[];
    readonly probabilities: Readonly<Record<FraudVersion, readonly (readonly number[])[]>>;
  };
}

export interface ExpectedRow {
  readonly features: readonly number[];
  /** Not fraud, fraud. */
  readonly probabilities: Readonly<Record<FraudVersion, readonly [number, number]>>;
}

function encodeOne(payment: Payment): number[] {
  checkPayment(payment);
  const { hour, weekend } = gulfTime(payment.at);
  const angle = (2 * Math.PI * hour) / 24;
  return [
    Math.log1p(payment.amountAed),
    Math.log1p(payment.amountAed / payment.usualAmountAed),
    Math.sin(angle),
    Math.cos(angle),
    Number(weekend),
    Math.log1p(payment.distanceFromHomeKm),
    Math.log1p(payment.secondsSinceLastPayment),
    payment.paymentsLast24h,
    Math.log1p(payment.spentLast24hAed),
    payment.declinesLast24h,
    Math.log1p(payment.cardAgeDays),
    Number(payment.foreignMerchant),
    Number(payment.cardPresent),
    Number(payment.stronglyAuthenticated),
    Number(payment.newMerchant),
    // All zero stands for the last category, "other".
    ...categories.slice(0, -1).map((category) => Number(category === payment.category)),
  ];
}

/** Hour of the day with its minutes, and whether it is Saturday or Sunday, in the UAE. */
function gulfTime(at: string): { hour: number; weekend: boolean } {
  // Gulf Standard Time is UTC+4 all year.
  const local = new Date(Date.parse(at) + 4 * 60 * 60 * 1000);
  return {
    hour: local.getUTCHours() + local.getUTCMinutes() / 60,
    weekend: local.getUTCDay() === 0 || local.getUTCDay() === 6,
  };
}
