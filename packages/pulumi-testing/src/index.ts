export { record, recordRefusal } from './record';
export type { Answers, Inputs, Registered } from './record';
export { settled } from './settled';
