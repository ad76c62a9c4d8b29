export { Absent, none } from './absent';
export { Consolidation } from './capacity/consolidation';
export { CpuNodePool } from './capacity/cpu-node-pool';
export type { CpuNodePoolProps } from './capacity/cpu-node-pool';
export { GpuNodePool } from './capacity/gpu-node-pool';
export type { GpuNodePoolProps } from './capacity/gpu-node-pool';
export { GpuDevices } from './capacity/gpu/devices';
export { GpuOperator } from './capacity/gpu/gpu-operator';
export type { GpuOperatorImages, GpuOperatorProps } from './capacity/gpu/gpu-operator';
export { GpuSharing } from './capacity/gpu/sharing';
export { ec2NodeClassSpec } from './capacity/karpenter/ec2-node-class';
export type { Ec2NodeClassSpec, Ec2NodesInput } from './capacity/karpenter/ec2-node-class';
export type { NodePool } from './capacity/node-pool';
export type { NodeDisruption, NodePoolProps, SpotNodes } from './capacity/node-pool-props';
export { planPool } from './capacity/pool-plan';
export type { PoolPlan, PoolQuestion, RefusePool } from './capacity/pool-plan';
export { Provisioner } from './capacity/provisioner';
export type { KarpenterAwsProps, KarpenterAzureProps } from './capacity/provisioner';
export { gpuTaint, taintEffects } from './capacity/taint';
export type { Taint } from './capacity/taint';
export type { Caller, CallerVerb } from './caller';
export type { CertificateIssuer } from './certificate-issuer';
export { ConstructError } from './construct-error';
export type { ConstructErrorCode } from './construct-error';
export type {
  DiagramEdge,
  DiagramNode,
  Dossier,
  DossierContent,
  DossierDiagram,
  DossierRow,
  DossierSection,
  DossierStep,
  DossierTable,
  Fact,
  Tone,
} from './dossier/dossier-model';
export { dossierPart } from './dossier/dossier-part';
export type {
  BlockInterface,
  BlockKind,
  BuildingBlock,
  Control,
  DataEntity,
  DescribesItself,
  DossierContext,
  DossierPart,
  Enforcement,
  Evidence,
  Gate,
  ManifestEvidence,
  Practice,
  Runbook,
  RunbookStep,
  Uncontrolled,
} from './dossier/dossier-part';
export { list, plain, say } from './dossier/text';
export type { Inline, Text } from './dossier/text';
export { Callers } from './gateway/callers';
export { InferenceGateway } from './gateway/inference-gateway';
export type {
  EndpointLimit,
  GatewayAccess,
  GatewayCors,
  GatewayVerb,
  InferenceGatewayProps,
  RateLimit,
  SharedLimits,
} from './gateway/gateway-props';
export { GatewayTls } from './gateway/gateway-tls';
export type { GatewayTlsOptions, TlsVersion } from './gateway/gateway-tls';
export { TokenIssuer } from './gateway/token-issuer';
export type { PublishedKeys, TokenIssuerProps } from './gateway/token-issuer';
export { dataFlows, otherNamespaces } from './flows/data-flows';
export type { DeclaresFlows, OwnsNamespaces } from './flows/data-flows';
export { ImageRegistry } from './image-registry';
export type { ImageRegistryProps } from './image-registry';
export { hasLate, late, lateNames, lateWriter, splitLate } from './late/late';
export type { LatePart, LateValue, LateValues } from './late/late';
export { mapLate } from './late/late-manifest';
export type { ManifestRecord } from './manifest';
export type {
  Capacity,
  EndpointSpec,
  LoweredWorkload,
  PlacedWorkload,
  SiteRole,
  Workload,
} from './engines/lowering';
export type { EndpointRoutes } from './mesh/endpoint-routes';
export type { EastWest } from './mesh/east-west';
export type { Failover } from './mesh/failovers';
export { ServiceMesh } from './mesh/service-mesh';
export type { IstioOptions } from './mesh/service-mesh';
export { ModelArtifact } from './model-artifact';
export type { ExplanationProps, PublishedExplanation } from './explanation-file';
export type { ModelArtifactProps, ModelFormat } from './model-artifact';
export { ModelBucket } from './model-bucket';
export type { BucketCopy, CopyAccess, ModelBucketProps } from './model-bucket';
export { ModelEndpoint } from './model-endpoint';
export type { ModelEndpointProps } from './model-endpoint';
export { ModelVersion } from './model-version';
export type { Objective } from './objective';
export { ObjectNames } from './object-names';
export { Observability } from './observability/observability';
export type { ObservabilityProps } from './observability/observability-props';
export { Remediation } from './observability/remediation/remediation';
export type {
  FallBackOptions,
  RemediationOptions,
  ScaleOutOptions,
} from './observability/remediation/remediation';
export type { RemediationProps } from './observability/remediation/remediation-props';
export type { EndpointAlert } from './observability/rules/alert-names';
export type { CollectorProps } from './observability/collector/collector-props';
export { Peer } from './peer';
export type { Labels, PeerIdentity } from './peer';
export { noteTree, programTrees } from './program-trees';
export * as kinds from './props/kinds';
export type { Kind } from './props/props';
export { ResidencyZone } from './residency-zone';
export type { ResidencyZoneProps } from './residency-zone';
export { BlueGreenRollout } from './rollouts/blue-green-rollout';
export type { BlueGreenRolloutProps } from './rollouts/blue-green-rollout';
export { CanaryRollout } from './rollouts/canary-rollout';
export type { CanaryRolloutProps } from './rollouts/canary-rollout';
export type { CanaryStepProps } from './rollouts/canary-steps';
export type { EndpointRolloutProps } from './rollouts/endpoint-rollout';
export type { PrometheusProps, SecretKey } from './rollouts/analysis/prometheus';
export type { QualityProps } from './rollouts/analysis/quality';
export { ShadowRollout } from './rollouts/shadow-rollout';
export type { ShadowRolloutProps } from './rollouts/shadow-rollout';
export { secretFile } from './server/secret-file';
export type { ServerHost, ServerProps } from './server/server-props';
export { Autoscaling } from './scaling/autoscaling';
export type { Autoscaler, AutoscalingOptions, KedaOptions } from './scaling/autoscaling';
export type { ColdStartProps } from './scaling/cold-start';
export { retarget } from './scaling/scale-target';
export type { IdleImage } from './scaling/scaled-workload';
export { ScalingMetric } from './scaling/scaling-metric';
export type { MetricIdentity } from './scaling/scaling-metric';
export { SpareCapacity } from './scaling/spare-capacity';
export type { SpareCapacityProps } from './scaling/spare-capacity';
export { ServingEngine } from './serving-engine';
export type { OnnxEngineOptions } from './engines/onnx/onnx-options';
export type { Gpus } from './engines/parts/gpus';
export { TensorRt } from './engines/triton/tensor-rt';
export type { TensorRtOptions } from './engines/triton/tensor-rt';
export type {
  TritonEngineOptions,
  TritonModel,
  TritonModelOptions,
} from './engines/triton/triton-options';
export type { TritonPipeline, TritonStep } from './engines/triton/triton-pipeline';
export type { InferenceRouting, VllmEngineOptions } from './engines/vllm/vllm-options';
export { BackupVault, LogSink, MetricSink, TraceSink } from './sinks';
export type { MetricSinkProps, PushedSinkProps, SinkProps, TraceSinkProps } from './sinks';
export { ServingStack } from './stack/serving-stack';
export type { RecoveryObjective, ServingStackProps } from './stack/serving-stack';
export { imageGrammar } from './image-name';
export type { ImageName } from './image-name';
export type { ImageCopies } from './stack/image-copies';
export type { EndpointRecovery } from './stack/recovery';
export type { RecoverableEndpoint } from './stack/recovery-rules';
export { Site } from './site';
export type { SiteProps } from './site';
export type { BusyHours, Surge, Traffic, WeekDay } from './traffic';
export type { HeaderRoute, VersionRoutes } from './version-routes';
export { argoCdSettings } from './readers/argo-cd';
export type { ArgoCdSettings, IgnoredDifference } from './readers/argo-cd';
export { auditPart } from './readers/audit-part';
export type { SitePart } from './readers/audit-part';
export { auditTree } from './readers/audit-tree';
export { dossier } from './readers/dossier/dossier';
export type { DossierOptions } from './readers/dossier/dossier';
export type { DossierProgram } from './readers/dossier/context';
export { apiContracts } from './readers/contracts';
export type { ApiContract } from './readers/contracts';
export { chartObjects } from './readers/chart-objects';
export type { ChartObject, ChartObjects } from './readers/chart-objects';
export { planTree } from './readers/plan-tree';
export type { WorkloadPlan } from './readers/plan-tree';
export { controllerOwned } from './readers/controller-owned';
export { manifestFiles } from './readers/manifest-files';
export type { ManifestFile } from './readers/manifest-files';
