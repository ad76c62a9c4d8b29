import type { EngineLowering } from './engines/lowering';
import { onnxEngine } from './engines/onnx/onnx-engine';
import type { OnnxEngineOptions } from './engines/onnx/onnx-options';

/** What runs an endpoint's models. */
export class ServingEngine {
  /** The bundled ONNX model server. */
  static onnx(options: OnnxEngineOptions = {}): ServingEngine {
    return new ServingEngine(onnxEngine(options));
  }

  private constructor(
    /** How the engine becomes Kubernetes objects; for `ModelEndpoint`, not for programs. */
    readonly lowering: EngineLowering,
  ) {}
}
