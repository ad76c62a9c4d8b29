export { record, recordRefusal } from './record';
export type { Inputs, Registered } from './record';
export { settled } from './settled';
