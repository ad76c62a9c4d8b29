export { lateFaults } from './late-values';
export type { Stand } from './late-values';
export { record, recordRefusal } from './record';
export type { Answers, Inputs, Registered } from './record';
export { settled } from './settled';
