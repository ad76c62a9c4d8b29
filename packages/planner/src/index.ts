export { highestAvailabilityPercent, lowestAvailabilityPercent } from './availability';
export { growth, recoveryTime } from './recovery';
export type { RecoveryTime, Takeover } from './recovery';
export { largestRequest, requestMemoryPerByte } from './request';
export type { LargestRequest, RequestLimits } from './request';
export { servingFacts } from './serving-facts';
export { ObjectiveError, sizeServer } from './sizing';
export type { ServingDemand, ServingSize } from './sizing';
export { waitOf99 } from './waiting';
