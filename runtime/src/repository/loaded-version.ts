import type { VersionExplanation } from '../explain/version-explanation';
import type { ModelTraits } from '../engine/probe';
import type { RequestSignature } from '../protocol/validate';
import type { VersionMetrics } from '../telemetry/version-metrics';
import type { ModelConfig } from './model-config';
import type { VersionStatistics } from './statistics';

/** What a version is made of. */
export interface VersionParts {
  readonly model: string;
  readonly version: number;
  /** The engine's name for it; a reloaded file has another. */
  readonly key: string;
  readonly fingerprint: string;
  /** SHA-256 of its file, where its answers are cached: what tells contents apart on every server. */
  readonly digest: string | undefined;
  /** Path of the model's file. */
  readonly file: string;
  readonly config: ModelConfig;
  readonly signature: RequestSignature;
  readonly traits: ModelTraits;
  readonly metrics: VersionMetrics;
  readonly statistics: VersionStatistics;
  /** How it is explained, where its folder says. */
  readonly explanation: VersionExplanation | undefined;
}

/** A version that the engine holds: requests hold on to it until they are answered. */
export class LoadedVersion implements VersionParts {
  readonly model: string;
  readonly version: number;
  readonly key: string;
  readonly fingerprint: string;
  readonly digest: string | undefined;
  /** Path of the model's file. */
  readonly file: string;
  readonly config: ModelConfig;
  readonly signature: RequestSignature;
  readonly traits: ModelTraits;
  readonly metrics: VersionMetrics;
  readonly statistics: VersionStatistics;
  readonly explanation: VersionExplanation | undefined;
  private users = 0;
  private whenUnused: (() => void) | undefined;

  constructor(parts: VersionParts) {
    this.model = parts.model;
    this.version = parts.version;
    this.key = parts.key;
    this.fingerprint = parts.fingerprint;
    this.digest = parts.digest;
    this.file = parts.file;
    this.config = parts.config;
    this.signature = parts.signature;
    this.traits = parts.traits;
    this.metrics = parts.metrics;
    this.statistics = parts.statistics;
    this.explanation = parts.explanation;
  }

  acquire(): void {
    this.users++;
  }

  release(): void {
    this.users--;
    if (this.users === 0) this.whenUnused?.();
  }

  /** Resolves once no request holds on to it. Only when new ones cannot find it any more. */
  unused(): Promise<void> {
    if (this.users === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenUnused = resolve;
    });
  }
}
