export { Absent, none } from './absent';
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
export { dataFlows } from './flows/data-flows';
export type { DeclaresFlows } from './flows/data-flows';
export { Callers } from './gateway/callers';
export { InferenceGateway } from './gateway/inference-gateway';
export type {
  GatewayAccess,
  GatewayCors,
  GatewayVerb,
  InferenceGatewayProps,
  RateLimit,
} from './gateway/gateway-props';
export { GatewayTls } from './gateway/gateway-tls';
export type { CertificateIssuer, GatewayTlsOptions, TlsVersion } from './gateway/gateway-tls';
export { TokenIssuer } from './gateway/token-issuer';
export type { PublishedKeys, TokenIssuerProps } from './gateway/token-issuer';
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
export { ServiceMesh } from './mesh/service-mesh';
export { ModelArtifact } from './model-artifact';
export type { ExplanationProps, PublishedExplanation } from './explanation-file';
export type { ModelArtifactProps, ModelFormat } from './model-artifact';
export { ModelBucket } from './model-bucket';
export type { BucketCopy, CopyAccess, ModelBucketProps } from './model-bucket';
export { ModelEndpoint } from './model-endpoint';
export type { ModelEndpointProps } from './model-endpoint';
export { ModelVersion } from './model-version';
export type { Objective, Traffic } from './objective';
export { ObjectNames } from './object-names';
export { Peer } from './peer';
export type { Labels, PeerIdentity } from './peer';
export { noteTree, programTrees } from './program-trees';
export * as kinds from './props/kinds';
export type { Kind } from './props/props';
export { ResidencyZone } from './residency-zone';
export type { ResidencyZoneProps } from './residency-zone';
export { secretFile } from './server/secret-file';
export type { ServerHost, ServerProps } from './server/server-props';
export { ServingEngine } from './serving-engine';
export type { OnnxEngineOptions } from './engines/onnx/onnx-options';
export { BackupVault, LogSink, MetricSink, TraceSink } from './sinks';
export type { MetricSinkProps, SinkProps, TraceSinkProps } from './sinks';
export { ServingStack } from './stack/serving-stack';
export type { RecoveryObjective, ServingStackProps } from './stack/serving-stack';
export { imageGrammar } from './image-name';
export type { ImageName } from './image-name';
export type { ImageCopies } from './stack/image-copies';
export type { EndpointRecovery } from './stack/recovery';
export type { RecoverableEndpoint } from './stack/recovery-rules';
export { Site } from './site';
export type { SiteProps } from './site';
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
export { manifestFiles } from './readers/manifest-files';
export type { ManifestFile } from './readers/manifest-files';
