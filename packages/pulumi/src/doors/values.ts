import * as constructs from '@manara/constructs';
import type { Place } from '@manara/residency';
import type { Input } from '@pulumi/pulumi';
import { toLate, type WithInputs } from './inputs';

// What is placed in a zone, as in `@manara/constructs`, with Outputs where they take text. None is a
// resource: they say what exists. Their type parameters are declared by hand, so that a foreign place
// does not compile through this door either.

/** A store of model weights that exists. */
export class ModelBucket<const P extends Place> extends constructs.ModelBucket<P> {
  constructor(props: WithInputs<constructs.ModelBucketProps<P>>) {
    super(toLate<constructs.ModelBucketProps<P>>('ModelBucket', props));
  }
}

/** A container registry that exists. */
export class ImageRegistry<const P extends Place> extends constructs.ImageRegistry<P> {
  constructor(props: WithInputs<constructs.ImageRegistryProps<P>>) {
    super(toLate<constructs.ImageRegistryProps<P>>('ImageRegistry', props));
  }
}

/** Where the cluster's agent sends what containers write to their standard output. */
export class LogSink<const P extends Place> extends constructs.LogSink<P> {
  constructor(props: WithInputs<constructs.SinkProps<P>>) {
    super(toLate<constructs.SinkProps<P>>('LogSink', props));
  }
}

/** Where the metrics that are scraped from the servers are stored. */
export class MetricSink<const P extends Place> extends constructs.MetricSink<P> {
  constructor(props: WithInputs<constructs.MetricSinkProps<P>>) {
    super(toLate<constructs.MetricSinkProps<P>>('MetricSink', props));
  }
}

/** OTLP/HTTP collector that the servers send spans to. */
export class TraceSink<const P extends Place> extends constructs.TraceSink<P> {
  constructor(props: WithInputs<constructs.TraceSinkProps<P>>) {
    super(toLate<constructs.TraceSinkProps<P>>('TraceSink', props));
  }
}

/** Where copies of what a site keeps are stored. */
export class BackupVault<const P extends Place> extends constructs.BackupVault<P> {
  constructor(props: WithInputs<constructs.SinkProps<P>>) {
    super(toLate<constructs.SinkProps<P>>('BackupVault', props));
  }
}

/** Who says who callers are: an identity provider whose JWTs a gateway accepts. */
export class TokenIssuer<const P extends Place> extends constructs.TokenIssuer<P> {
  constructor(props: WithInputs<constructs.TokenIssuerProps<P>>) {
    super(toLate<constructs.TokenIssuerProps<P>>('TokenIssuer', props));
  }
}

/** What runs an endpoint's models. */
export const ServingEngine = {
  /** The bundled ONNX model server. */
  onnx(options: WithInputs<constructs.OnnxEngineOptions> = {}): constructs.ServingEngine {
    return constructs.ServingEngine.onnx(
      toLate<constructs.OnnxEngineOptions>('ServingEngine', options),
    );
  },

  /** The bundled ONNX model server, run by KServe. */
  kserve(options: WithInputs<constructs.OnnxEngineOptions> = {}): constructs.ServingEngine {
    return constructs.ServingEngine.kserve(
      toLate<constructs.OnnxEngineOptions>('ServingEngine', options),
    );
  },

  /** NVIDIA's Triton Inference Server. */
  triton<const P extends Place = never>(
    options: WithInputs<constructs.TritonEngineOptions<P>> = {},
  ): constructs.ServingEngine<P> {
    return constructs.ServingEngine.triton(
      toLate<constructs.TritonEngineOptions<P>>('ServingEngine', options),
    );
  },

  /** vLLM, for language models. */
  vllm(options: WithInputs<constructs.VllmEngineOptions>): constructs.ServingEngine {
    return constructs.ServingEngine.vllm(
      toLate<constructs.VllmEngineOptions>('ServingEngine', options),
    );
  },
};

/** What makes the nodes of a pool in a cluster that exists. */
export const Provisioner = {
  karpenterAws: (props: WithInputs<constructs.KarpenterAwsProps>): constructs.Provisioner =>
    constructs.Provisioner.karpenterAws(
      toLate<constructs.KarpenterAwsProps>('Provisioner.karpenterAws', props),
    ),
  karpenterAzure: (
    props: WithInputs<constructs.KarpenterAzureProps> = {},
  ): constructs.Provisioner =>
    constructs.Provisioner.karpenterAzure(
      toLate<constructs.KarpenterAzureProps>('Provisioner.karpenterAzure', props),
    ),
  labelled: (): constructs.Provisioner => constructs.Provisioner.labelled(),
};

/** Who is on the other side of a connection. */
export const Peer = {
  namespace: (name: string): constructs.Peer => constructs.Peer.namespace(name),
  pods: (namespace: string, labels: constructs.Labels): constructs.Peer =>
    constructs.Peer.pods(namespace, labels),
  /** Address ranges in CIDR notation, as of a private endpoint. */
  addresses: (...ranges: readonly [Input<string>, ...Input<string>[]]): constructs.Peer =>
    constructs.Peer.addresses(...toLate<readonly [string, ...string[]]>('Peer.addresses', ranges)),
};
