import { errors } from '../errors';
import type { ModelRepository } from './repository';

/** Who decides which models are loaded. Triton's words. */
export const controlModes = ['none', 'poll', 'explicit'] as const;
export type ControlMode = (typeof controlModes)[number];

/** Loading and unloading on request, where the server's mode allows it. */
export class ModelControl {
  constructor(
    private readonly mode: ControlMode,
    private readonly repository: ModelRepository,
  ) {}

  /** @throws ServingError CONTROL_NOT_EXPLICIT, MODEL_UNKNOWN or LOAD_FAILED. */
  async load(model: string): Promise<void> {
    this.check();
    await this.repository.load(model);
  }

  /** @throws ServingError CONTROL_NOT_EXPLICIT or MODEL_UNKNOWN. */
  async unload(model: string): Promise<void> {
    this.check();
    await this.repository.unload(model);
  }

  private check(): void {
    if (this.mode !== 'explicit') throw errors.controlNotExplicit(this.mode);
  }
}
