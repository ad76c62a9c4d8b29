export { acceleratedShape, batchingOf } from './accelerator-sizing';
export type { AcceleratedModel, AcceleratorDemand } from './accelerator-sizing';
export { highestAvailabilityPercent, lowestAvailabilityPercent } from './availability';
export { circuitFor } from './circuit';
export type { Circuit, CircuitDemand } from './circuit';
export { canarySteps, quickestSteps, secondsAt } from './canary-plan';
export type { CanaryStep, Sampling } from './canary-plan';
export { boundary, comparisonScore, samplesFor } from './comparison';
export type { Difference, Looks, Tally } from './comparison';
export { planBatching } from './batching';
export type { BatchingDemand, BatchingPlan } from './batching';
export { measuredShape } from './measured-shape';
export type { MeasuredReplica } from './measured-shape';
export { measuredDemand } from './profile';
export { growth, recoveryTime } from './recovery';
export type { RecoveryTime, Takeover } from './recovery';
export { largestRequest, requestMemoryPerByte } from './request';
export type { LargestRequest, RequestLimits } from './request';
export { servingFacts } from './serving-facts';
export { ObjectiveError, replicaShape, sizeServer } from './sizing';
export type { ServingDemand, ServingSize } from './sizing';
export { waitOf99 } from './waiting';
export { autoscalerFacts, noticeSeconds } from './scaling/autoscaler-facts';
export type { ScalingPolicy } from './scaling/autoscaler-facts';
export { coldStartSeconds, imagePullSeconds, isPullDominant } from './scaling/cold-start';
export type { ColdStart } from './scaling/cold-start';
export { PlanError } from './scaling/plan-error';
export type { Nearest } from './scaling/plan-error';
export { planIdle } from './scaling/plan-idle';
export type { IdleDemand, IdlePlan } from './scaling/plan-idle';
export { planScaling } from './scaling/plan-scaling';
export type { ScalingPlan, ScalingTarget } from './scaling/plan-scaling';
export { fullRate, safeRate } from './scaling/replica-rate';
export type { ReplicaShape } from './scaling/replica-rate';
export { assumedTraffic, knownTraffic } from './scaling/scaling-demand';
export type {
  KnownTraffic,
  ScalingDemand,
  SurgeDemand,
  TrafficProfile,
} from './scaling/scaling-demand';
