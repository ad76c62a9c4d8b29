import { ConstructError } from '../../construct-error';
import type { EndpointSpec } from '../../engines/lowering';
import { anyNumber, optional, record } from '../../props/kinds';

/** How a new version's predictions are compared with what became of them. */
export interface QualityProps {
  /**
   * Fall of the accuracy, in percentage points, that must not pass unseen: `5`. Half of it takes four times as
   * many outcomes.
   */
  readonly largestDropPercent: number;
  /** Share of requests, in percent, whose outcome is told while a step lasts. */
  readonly outcomesPercent: number;
  /**
   * Version that is judged.
   * @default - those that the endpoint's variants give requests to
   */
  readonly version?: number;
}

export const qualityKind = record({
  largestDropPercent: anyNumber,
  outcomesPercent: anyNumber,
  version: optional(anyNumber),
});

/** The same in shares, with the versions that are judged. */
export interface Quality {
  readonly largestDrop: number;
  readonly outcomesShare: number;
  readonly versions: readonly number[];
}

/** @throws ConstructError MANARA_ROLLOUT */
export function qualityOf(at: string, endpoint: EndpointSpec, props: QualityProps): Quality {
  const refuse = (prop: string, expected: string, received: string): never => {
    throw new ConstructError(
      'MANARA_ROLLOUT',
      at,
      `quality${prop}: expected ${expected}; received ${received}`,
    );
  };
  const { largestDropPercent, outcomesPercent, version } = props;
  if (!(largestDropPercent > 0 && largestDropPercent <= 50)) {
    refuse(
      '.largestDropPercent',
      'percentage points above 0, up to 50',
      String(largestDropPercent),
    );
  }
  if (!(outcomesPercent > 0 && outcomesPercent <= 100)) {
    refuse('.outcomesPercent', 'a percentage above 0, up to 100', String(outcomesPercent));
  }
  const numbers = endpoint.versions.map((one) => one.number);
  if (version !== undefined && !numbers.includes(version)) {
    refuse('.version', `one that the endpoint serves (${numbers.join(', ')})`, String(version));
  }
  const { variants } = endpoint.server?.config ?? {};
  const routed = variants?.models[endpoint.name];
  if (routed?.outcome === undefined) {
    return refuse(
      '',
      `variants.models.${endpoint.name} with an outcome in the endpoint's server.config, which outcomes are compared with`,
      'none',
    );
  }
  if (variants?.feedback?.redis === undefined) {
    refuse(
      '',
      "variants.feedback.redis in the endpoint's server.config: without it an outcome counts only where the same pod made the prediction",
      'none',
    );
  }
  const given = Object.values(routed.variants).filter(({ weight }) => weight > 0);
  const versions = version === undefined ? given.map((one) => one.version) : [version];
  return {
    largestDrop: largestDropPercent / 100,
    outcomesShare: outcomesPercent / 100,
    versions: [...new Set(versions)].sort((a, b) => a - b),
  };
}
