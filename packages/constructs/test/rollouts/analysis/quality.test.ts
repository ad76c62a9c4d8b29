import { CanaryRollout, type QualityProps, type ServerProps } from '../../../src';
import { refuses } from '../../support/errors';
import type { UaePlace } from '../../support/fixtures';
import { outcomes, rolledEndpoint, twoVersions } from '../support';

const quality = { largestDropPercent: 5, outcomesPercent: 100 };

function judged(props: QualityProps, server: ServerProps<UaePlace> = outcomes): () => unknown {
  const endpoint = rolledEndpoint({ versions: twoVersions, server });
  return () => new CanaryRollout(endpoint, 'rollout', { quality: props });
}

describe('quality', () => {
  it('refuses shares that are none', () => {
    for (const largestDropPercent of [0, 51, NaN]) {
      refuses(
        judged({ ...quality, largestDropPercent }),
        'MANARA_ROLLOUT',
        `quality.largestDropPercent: expected percentage points above 0, up to 50; received ${largestDropPercent}`,
      );
    }
    refuses(
      judged({ ...quality, outcomesPercent: 101 }),
      'MANARA_ROLLOUT',
      'quality.outcomesPercent: expected a percentage above 0, up to 100; received 101',
    );
  });

  it('refuses a version that is not served', () => {
    refuses(
      judged({ ...quality, version: 3 }),
      'MANARA_ROLLOUT',
      'quality.version: expected one that the endpoint serves (1, 2); received 3',
    );
  });

  it('refuses an endpoint whose outcomes nobody compares, or that only one pod knows', () => {
    refuses(
      judged(quality, { config: {} }),
      'MANARA_ROLLOUT',
      'quality: expected variants.models.fraud',
    );
    const { variants } = outcomes.config;
    const alone = { config: { variants: { models: {}, ...variants, feedback: {} } } };
    refuses(judged(quality, alone), 'MANARA_ROLLOUT', 'quality: expected variants.feedback.redis');
  });
});
