export {
  Callers,
  Consolidation,
  GatewayTls,
  GpuDevices,
  GpuSharing,
  late,
  ModelArtifact,
  ModelVersion,
  none,
  secretFile,
} from '@manara/constructs';
export { addToSite } from './cloud/add-to-site';
export type { AnySite, SiteAddition } from './cloud/add-to-site';
export { anyText, checkArgs, refuseArg, wholeDays } from './cloud/args';
export type { DayBounds } from './cloud/args';
export { contains, formatRange, overlaps, parseRange, rangeAt, sizeOf } from './cloud/cidr';
export type { Range } from './cloud/cidr';
export { CloudComponent } from './cloud/cloud-component';
export type { CloudComponentArgs } from './cloud/cloud-component';
export { storageFlow } from './cloud/cloud-flows';
export type { CloudEnd } from './cloud/cloud-flows';
export { componentTitle } from './cloud/cloud-node';
export type { CloudKind } from './cloud/cloud-node';
export {
  checkEndpointClients,
  clientFlows,
  connectedRanges,
  endpointClients,
} from './cloud/endpoint-clients';
export type { EndpointClient, EndpointClients } from './cloud/endpoint-clients';
export { networkFlows } from './cloud/network-flows';
export { internetAccess, internetRanges } from './cloud/internet-access';
export type { InternetAccess, InternetDestination } from './cloud/internet-access';
export { checkPeers, isPrivate, networkRange } from './cloud/network-range';
export { checkNeighbour } from './cloud/neighbour';
export { QuotaLedger } from './cloud/quota-ledger';
export { deploy } from './deploy';
export type { DeployedTree, DeployOptions } from './deploy';
export { DeployError } from './deploy-error';
export type { DeployErrorCode } from './deploy-error';
export { lateOutput } from './late-output';
export type { ProviderOptions } from './site-providers';
export { ConstructComponent } from './doors/construct-component';
export type { ConstructComponentArgs } from './doors/construct-component';
export { InferenceGateway } from './doors/inference-gateway';
export type {
  EndpointLimit,
  GatewayAccess,
  InferenceGatewayArgs,
  SharedLimits,
} from './doors/inference-gateway';
export type { WithInputs } from './doors/inputs';
export { ModelEndpoint } from './doors/model-endpoint';
export type { ModelEndpointArgs } from './doors/model-endpoint';
export { CpuNodePool, GpuNodePool, GpuOperator } from './doors/node-pools';
export type { CpuNodePoolArgs, GpuNodePoolArgs, GpuOperatorArgs } from './doors/node-pools';
export { Observability } from './doors/observability';
export type { ObservabilityArgs } from './doors/observability';
export { ResidencyZone } from './doors/residency-zone';
export { BlueGreenRollout, CanaryRollout, ShadowRollout } from './doors/rollouts';
export type {
  BlueGreenRolloutArgs,
  CanaryRolloutArgs,
  RolloutArgs,
  ShadowRolloutArgs,
} from './doors/rollouts';
export { SpareCapacity } from './doors/spare-capacity';
export type { SpareCapacityArgs } from './doors/spare-capacity';
export { ServingStack } from './doors/serving-stack';
export type { ServingStackArgs } from './doors/serving-stack';
export { Site } from './doors/site';
export type { SiteArgs } from './doors/site';
export {
  BackupVault,
  ImageRegistry,
  LogSink,
  MetricSink,
  ModelBucket,
  Peer,
  Provisioner,
  ServingEngine,
  TokenIssuer,
  TraceSink,
} from './doors/values';
