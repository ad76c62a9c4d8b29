import type { Verb } from './verbs';

/** Methods of `inference.GRPCInferenceService` that the server answers, with what each asks for. */
export const grpcMethods = {
  ServerLive: 'health',
  ServerReady: 'health',
  ServerMetadata: 'read',
  ModelReady: 'read',
  ModelMetadata: 'read',
  ModelConfig: 'read',
  ModelStatistics: 'read',
  ModelInfer: 'infer',
  ModelStreamInfer: 'infer',
  RepositoryIndex: 'read',
  RepositoryModelLoad: 'load',
  RepositoryModelUnload: 'load',
} as const satisfies Readonly<Record<string, Verb>>;

export type GrpcMethodName = keyof typeof grpcMethods;

/** Methods of `manara.v1.Explanation`, likewise. */
export const explanationMethodVerbs = { ModelExplain: 'explain' } as const satisfies Readonly<
  Record<string, Verb>
>;
