/** The two models that Manara's examples, demo and suites serve, with real inputs for them. */
export * as fraud from './fraud';
export * as documentReader from './document-reader';
export { categories, PaymentError } from './payment';
export type { Category, Payment } from './payment';
export { isUaeIban } from './iban';
