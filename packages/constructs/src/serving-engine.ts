import type { Place } from '@manara/residency';
import type { EngineLowering } from './engines/lowering';
import { kserveEngine } from './engines/kserve/kserve-engine';
import { onnxEngine } from './engines/onnx/onnx-engine';
import type { OnnxEngineOptions } from './engines/onnx/onnx-options';
import { tritonEngine } from './engines/triton/triton-engine';
import type { TritonEngineOptions } from './engines/triton/triton-options';
import { vllmEngine } from './engines/vllm/vllm-engine';
import type { VllmEngineOptions } from './engines/vllm/vllm-options';

/** What runs an endpoint's models. `P` has the places of models that it serves beside the endpoint's. */
export class ServingEngine<const P extends Place = never> {
  /** The bundled ONNX model server. */
  static onnx(options: OnnxEngineOptions = {}): ServingEngine {
    return new ServingEngine(onnxEngine(options));
  }

  /**
   * The bundled ONNX model server, run by KServe: an InferenceService, without Knative, and a ServingRuntime.
   * The cluster has KServe 0.16 or later.
   */
  static kserve(options: OnnxEngineOptions = {}): ServingEngine {
    return new ServingEngine(kserveEngine(options));
  }

  /** NVIDIA's Triton Inference Server with its ONNX Runtime backend, on CPUs or GPUs. */
  static triton<const P extends Place = never>(
    options: TritonEngineOptions<P> = {},
  ): ServingEngine<P> {
    return new ServingEngine(tritonEngine(options));
  }

  /** vLLM, for language models: on one node, or over several by a LeaderWorkerSet. */
  static vllm(options: VllmEngineOptions): ServingEngine {
    return new ServingEngine(vllmEngine(options));
  }

  private constructor(
    /** How the engine becomes Kubernetes objects; for `ModelEndpoint`, not for programs. */
    readonly lowering: EngineLowering<P>,
  ) {}
}
