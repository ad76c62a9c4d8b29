import type { k8s } from 'cdk8s-plus-28';

/**
 * The part of KServe's API that is written here. Its custom resources come in no package that could be
 * read, so these are by hand: `PredictorSpec`, `ComponentExtensionSpec`, `ModelSpec` and
 * `ServingRuntimeSpec`. Source: kserve/kserve, pkg/apis/serving, v0.20; read 2026-11. Documents are checked
 * against KServe's own Python models, in test/engines.
 */
export interface InferenceServiceSpec {
  readonly predictor: PredictorSpec;
}

/** A pod's spec without containers, which come from the runtime, and what runs it. */
export interface PredictorSpec extends Omit<k8s.PodSpec, 'containers'> {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly scaleMetric: 'cpu';
  /** Percent of the request. */
  readonly scaleTarget: number;
  readonly deploymentStrategy: k8s.DeploymentStrategy;
  /** Of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of the pods. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly model: ModelSpec;
}

export interface ModelSpec {
  readonly modelFormat: { readonly name: string };
  /** A ServingRuntime of the same namespace. */
  readonly runtime: string;
  readonly protocolVersion: 'v2';
}

export interface ServingRuntimeSpec {
  readonly supportedModelFormats: readonly {
    readonly name: string;
    readonly version?: string;
    readonly autoSelect: boolean;
  }[];
  readonly protocolVersions: readonly ('v2' | 'grpc-v2')[];
  readonly multiModel: boolean;
  readonly containers: readonly k8s.Container[];
}
