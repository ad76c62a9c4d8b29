import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import type { Place } from '@manara/residency';
import { ApiObject, Duration, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import type { PlacedWorkload } from '../engines/lowering';
import { listAt, recordAt } from '../manifest';
import type { ModelEndpoint } from '../model-endpoint';
import { anyNumber, checkProps, duration, optional } from '../props/kinds';
import { validateId } from '../props/names';
import { analysisArgs } from './analysis/analysis-args';
import { addGate, addReadiness, addWatch } from './analysis/analysis-template';
import { patienceOf } from './canary-rollout';
import {
  EndpointRollout,
  endpointRolloutKinds,
  type EndpointRolloutProps,
  measuresOf,
  type SiteParts,
} from './endpoint-rollout';
import { forgottenSeconds, type StrategyPart } from './placed-rollout';
import { samplesAt, samplingOf, shownTime } from './sampling';

type Strategy = NonNullable<NonNullable<IRollout['spec']>['strategy']>;

export interface BlueGreenRolloutProps<P extends Place> extends EndpointRolloutProps<P> {
  /**
   * Requests that the new pods must have answered well at the Service `<endpoint>-preview`, before they get any
   * other: what a pipeline replays there.
   * @default - none: it is enough that they are ready
   */
  readonly previewRequests?: number;
  /**
   * How long the new pods are watched once they have all requests; those before stay until then, and take them
   * back where the new ones are worse.
   * @default - what a quiet endpoint takes to show enough, 10 minutes at least
   */
  readonly watched?: Duration;
}

const blueGreenKinds = {
  ...endpointRolloutKinds,
  previewRequests: optional(anyNumber),
  watched: optional(duration),
};

/** The new version gets all requests; what it is compared with was seen before, as many of them at least. */
const share = 0.5;

const leastWatchedSeconds = 600;

/** How long previewed requests may take to come in. */
const previewSeconds = 3600;

/**
 * As many new pods as there are get all of an endpoint's requests at once, when every one is ready; without a
 * mesh. Those before stay while the new ones are watched, and take the requests back where they are worse.
 */
export class BlueGreenRollout<const P extends Place = Place> extends EndpointRollout {
  /** How long the new pods are watched. */
  readonly watched: Duration;

  /** @throws ConstructError MANARA_ROLLOUT for an endpoint that it cannot act on, and a time that cannot tell */
  constructor(
    endpoint: ModelEndpoint<P>,
    id: string,
    props: BlueGreenRolloutProps<NoInfer<P>> = {},
  ) {
    const at = validateId(endpoint, id);
    checkProps(at, props, blueGreenKinds);
    const { previewRequests } = props;
    const measures = measuresOf(at, endpoint, props);
    const sampling = samplingOf(endpoint, measures);
    const needed = Math.ceil(sampling.samplesAt(share) / sampling.quietPerSecond);
    const seconds =
      props.watched === undefined
        ? Math.max(leastWatchedSeconds, needed)
        : Math.ceil(props.watched.toMilliseconds() / 1000);
    if (seconds < needed || seconds < 10) {
      const expected = shownTime(Math.max(10, needed));
      throw new ConstructError(
        'MANARA_ROLLOUT',
        at,
        `watched: expected at least ${expected}, in which a quiet site's requests, ${sampling.quietPerSecond} a second, are enough to tell; received ${shownTime(seconds)}`,
      );
    }
    if (
      previewRequests !== undefined &&
      !(Number.isInteger(previewRequests) && previewRequests > 0)
    ) {
      throw new ConstructError(
        'MANARA_ROLLOUT',
        at,
        `previewRequests: expected a whole number above 0; received ${previewRequests}`,
      );
    }
    super(endpoint, id, at, props, {
      rollout: 'BlueGreenRollout',
      mesh: false,
      parts: (site) => blueGreenParts(site, seconds, previewRequests),
    });
    this.watched = Duration.seconds(seconds);
  }
}

function blueGreenParts(
  { scope, workload, prometheus, judgements }: SiteParts,
  watchedSeconds: number,
  previewRequests: number | undefined,
): StrategyPart {
  const { name } = workload.endpoint;
  const active = workload.service;
  const preview = addPreview(scope, workload);
  // Argo Rollouts writes the hash of the pods that answer; whatever else stood there would be applied again.
  active.addJsonPatch(JsonPatch.remove('/spec/selector'));
  const patience = patienceOf([watchedSeconds]);
  const { intervalSeconds } = patience;
  const options = { prometheus, patience };
  const previewed = { ...patience, looks: Math.ceil(previewSeconds / intervalSeconds) };
  const ready = addReadiness(scope, 'ready', name, {
    name: `${name}-ready`,
    prometheus,
    patience: previewed,
  });
  const gate = addGate(scope, 'gate', judgements, {
    name: `${name}-gate`,
    prometheus,
    // As long again as it takes at a quiet time, as a canary's.
    patience: { intervalSeconds, looks: 2 * patience.looks },
  });
  const watch = addWatch(scope, 'watch', judgements, {
    ...options,
    name: `${name}-watch`,
    looks: Math.ceil(watchedSeconds / intervalSeconds),
  });
  const rehearsal =
    previewRequests === undefined
      ? undefined
      : addGate(scope, 'preview-gate', judgements.filter(isPreviewed), {
          name: `${name}-preview-gate`,
          prometheus,
          patience: previewed,
        });
  const before = [ready, ...(rehearsal === undefined ? [] : [rehearsal])];
  return {
    dependsOn: [active, preview, ...before, gate, watch],
    strategy: {
      blueGreen: {
        activeService: active.name,
        previewService: preview.name,
        autoPromotionEnabled: true,
        scaleDownDelaySeconds: forgottenSeconds,
        abortScaleDownDelaySeconds: forgottenSeconds,
        prePromotionAnalysis: {
          templates: before.map((template) => ({ templateName: template.name })),
          args: analysisArgs(
            2 * previewSeconds,
            judgements.filter(isPreviewed).map(({ metric }) => [metric, previewRequests ?? 0]),
          ),
        },
        postPromotionAnalysis: {
          templates: [gate, watch].map((template) => ({ templateName: template.name })),
          args: analysisArgs(2 * watchedSeconds, samplesAt(judgements, share)),
        },
      },
    } satisfies Strategy,
  };
}

/** Nobody tells what became of requests that were replayed. */
function isPreviewed({ metric }: { readonly metric: string }): boolean {
  return metric !== 'quality';
}

/** The address of the new pods, before they have the endpoint's own. */
function addPreview(scope: Construct, { endpoint, service }: PlacedWorkload): ApiObject {
  const manifest: unknown = service.toJson();
  const labels = recordAt(recordAt(manifest, 'metadata'), 'labels');
  return new ApiObject(scope, 'preview', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${endpoint.name}-preview`,
      ...(labels === undefined ? {} : { labels: labels as Record<string, string> }),
    },
    spec: { type: 'ClusterIP', ports: listAt(recordAt(manifest, 'spec'), 'ports') },
  });
}
