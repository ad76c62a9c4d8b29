import {
  type ColdStart,
  imagePullSeconds,
  measuredShape,
  type ReplicaShape,
} from '@manara/planner';
import { coldStartOf } from '../../scaling/cold-start';
import type { EndpointSpec } from '../lowering';
import { gpuCount, refuseTooLarge } from '../parts/gpus';
import type { ResourceDemand } from '../parts/resources';
import { type Parallelism, parallelismOf, type VllmEngineOptions } from './vllm-options';

export interface VllmPlan extends ResourceDemand {
  readonly parallelism: Parallelism;
  readonly sharedMemoryBytes: number;
  readonly startupSeconds: number;
  /** What one replica does, and how long a new one takes. */
  readonly replica: ReplicaShape;
  readonly coldStart: ColdStart;
}

const gibibyte = 2 ** 30;

/** Allowances, not measurements; each on the generous side. */
const allowance = {
  /** Host memory of a pod: Python, CUDA's libraries, and a buffer that weights are read through. */
  hostBytes: 8 * gibibyte,
  hostBytesPerGpu: 4 * gibibyte,
  sharedBytesPerGpu: 2 * gibibyte,
  coresPerGpu: 2,
  /** As registries keep it. */
  imageBytes: 10e9,
  /** Compiling kernels and capturing CUDA graphs. */
  compileSeconds: 300,
  /** Of a shared file system, for each time that the weights are read: to check them, and to load them. */
  readBytesPerSecond: 200e6,
} as const;

/** Share of a GPU's memory that vLLM takes for weights and cache. Source: vLLM, `--gpu-memory-utilization`; read 2026-11. */
const memoryShare = 0.9;

/** @throws ConstructError MANARA_ENGINE for weights that the GPUs do not hold */
export function planVllm(endpoint: EndpointSpec, options: VllmEngineOptions): VllmPlan {
  const { gpus } = options;
  const parallelism = parallelismOf(options);
  const count = gpuCount(gpus);
  const bytes = endpoint.versions.reduce((sum, { artifact }) => sum + artifact.sizeBytes, 0);
  refuseTooLarge(
    endpoint.path,
    gpus,
    bytes / (parallelism.tensor * parallelism.pipeline) / memoryShare,
  );
  const startupSeconds =
    allowance.compileSeconds + Math.ceil((2 * bytes) / allowance.readBytesPerSecond);
  const sharedMemoryBytes = count * allowance.sharedBytesPerGpu;
  return {
    parallelism,
    sharedMemoryBytes,
    cpuRequestMillis: count * allowance.coresPerGpu * 1000,
    cpuLimitMillis: count * allowance.coresPerGpu * 2000,
    // What lies in shared memory is the container's memory, too.
    memoryBytes: allowance.hostBytes + count * allowance.hostBytesPerGpu + sharedMemoryBytes,
    // They stay on the claim.
    weightsBytes: 0,
    startupSeconds,
    replica: measuredShape({
      replicaRequestsPerSecond: options.replicaRequestsPerSecond,
      p99LatencyMillis: endpoint.objective.p99Latency.toMilliseconds(),
    }),
    coldStart: coldStartOf(options.coldStart, {
      nodeSeconds: 0,
      imagePullSeconds: imagePullSeconds(allowance.imageBytes),
      loadSeconds: startupSeconds,
      // It captures its graphs before it is ready.
      firstInferenceSeconds: 0,
    }),
  };
}
