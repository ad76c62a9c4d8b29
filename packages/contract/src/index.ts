export type {
  AccessConfig,
  AccessRule,
  AuditConfig,
  CallerLimit,
  IdentityConfig,
  IssuerConfig,
  LimitsConfig,
  TlsConfig,
} from './access-config';
export { apiKeyFileSchema, newKeyCommand, parseApiKeyFile } from './api-keys';
export type { ApiKeyEntry, ApiKeyFile } from './api-keys';
export { cacheDefaults } from './cache-config';
export type { CacheConfig } from './cache-config';
export { configAnnotation, configFileName, container } from './container';
export { parseServerConfig, serverConfigSchema, ServerConfigError } from './config';
export type {
  GraphsConfig,
  IdempotencyConfig,
  JobsConfig,
  ServedModel,
  ServerConfig,
} from './config';
export { bytesPerElement, datatypeOfOnnx, datatypes, isDatatype } from './datatypes';
export type { Datatype } from './datatypes';
export { drainTimes, secondsToStop } from './drain';
export {
  engineEnvironment,
  environment,
  tracesTrustVariable,
  trustVariable,
  withHugePages,
} from './environment';
export {
  explanationFile,
  explanationLinks,
  explanationMethods,
  explanationSchema,
  parseExplanation,
} from './explanation';
export type { ExplanationDescription, ExplanationLink, ExplanationMethod } from './explanation';
export {
  azureBlobEnvironment,
  exitCodes,
  fetchCommand,
  fetchSchemes,
  flags,
  s3Environment,
} from './fetch';
export { givenParts } from './given-parts';
export type { GivenConfig } from './given-parts';
export { graphDefaults } from './graphs-config';
export { idempotencyDefaults, jobDefaults, jobQueueKey } from './jobs-config';
export { explanationMethodVerbs, grpcMethods } from './grpc-methods';
export type { GrpcMethodName } from './grpc-methods';
export { logFields } from './log-fields';
export { metrics, requestSecondsBounds } from './metrics';
export type { FailureReason, Metric } from './metrics';
export { redisDefaults } from './redis-config';
export type { RedisConfig } from './redis-config';
export { namedAddresses } from './named-addresses';
export type { NamedAddress, Told } from './named-addresses';
export { namedFiles } from './named-files';
export type { NamedFile } from './named-files';
export { openApiDocument } from './openapi/document';
export type { OpenApiDocument } from './openapi/document';
export type { ApiError, ApiFacts, ApiFeature, ApiIdentity, ApiVersion } from './openapi/facts';
export { parseProfile, ProfileError, profileSchema } from './profile';
export type { Profile, ProfilePoint } from './profile';
export { ports } from './ports';
export type { PortName } from './ports';
export { explanationService, extensions, grpcService, headers, onnxPlatform } from './protocol';
export {
  isModelName,
  modelConfigFile,
  modelFile,
  modelFilePath,
  modelNameRule,
  parseModelVersion,
  versionFolder,
} from './repository';
export { parseAlertWebhook } from './alert-webhook';
export type { ToldAlert } from './alert-webhook';
export {
  parseRemediationTable,
  remediateCommand,
  remediation,
  remediationConfigMap,
  remediationSchema,
} from './remediation';
export type {
  AbortRolloutAction,
  FallBackAction,
  RemediationAction,
  RemediationTable,
  ScaleOutAction,
} from './remediation';
export { metricsRoute, path, routes } from './routes';
export type { Route, RouteName } from './routes';
export { formatShape } from './signature';
export type { ModelSignature, TensorSignature } from './signature';
export { spanAttributes, spans } from './spans';
export { leavingFields, telemetryFields } from './telemetry-schema';
export type { TelemetryField, TelemetrySignal } from './telemetry-schema';
export { ruleVerbs } from './verbs';
export type { Verb } from './verbs';
export type { FallbackLink, FallbacksConfig, StaticOutput } from './fallback-config';
export type { FlagsConfig } from './flags-config';
export { variantDefaults } from './variants-config';
export type { RoutedModel, VariantsConfig } from './variants-config';
