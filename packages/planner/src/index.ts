export { servingFacts } from './serving-facts';
export { ObjectiveError, sizeServer } from './sizing';
export type { ServingDemand, ServingSize } from './sizing';
