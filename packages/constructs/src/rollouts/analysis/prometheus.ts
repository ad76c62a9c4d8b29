import type { Place } from '@manara/residency';
import { unlessAbsent } from '../../absent';
import { ConstructError } from '../../construct-error';
import { mapOf, optional, record, text } from '../../props/kinds';
import { schemeOf } from '../../props/uri';
import type { Labels } from '../../peer';
import type { Site } from '../../site';

/** A Prometheus that the Argo Rollouts controller asks for an endpoint's metrics. */
export interface PrometheusProps<P extends Place> {
  /** Where it runs. */
  readonly place: P;
  /** Its address, `https://` or `http://`, as the controller reaches it. May be late. */
  readonly uri: string;
  /**
   * Key of a Secret in the site's namespace that holds a bearer token for it.
   * @default - it asks for none
   */
  readonly token?: SecretKey;
  /**
   * Labels that tell the site's pods from those of other clusters with the same Prometheus.
   * @default - none: it scrapes one cluster
   */
  readonly labels?: Labels;
}

/** A key of a Secret. */
export interface SecretKey {
  readonly secret: string;
  readonly key: string;
}

export const prometheusKind = record({
  place: text,
  uri: text,
  token: optional(record({ secret: text, key: text })),
  labels: optional(mapOf(text)),
});

/**
 * The Prometheus of a site: the one that is given, otherwise where its metrics are stored.
 *
 * @throws ConstructError MANARA_ROLLOUT where there is none, and for labels that no metric can have
 */
export function prometheusOf(
  at: string,
  site: Site,
  given: PrometheusProps<Place> | undefined,
): PrometheusProps<Place> {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_ROLLOUT', at, message);
  };
  const sink = unlessAbsent(site.metrics);
  const prometheus = given ?? (sink && { place: sink.place, uri: sink.uri });
  if (prometheus === undefined) {
    return refuse(
      `prometheus: nothing collects the metrics of site "${site.node.id}", so that no analysis could tell a good version from a bad one; expected prometheus, or a MetricSink as the site's metrics; received neither`,
    );
  }
  const scheme = schemeOf(prometheus.uri);
  if (scheme !== undefined && scheme !== 'https:' && scheme !== 'http:') {
    const prop = given === undefined ? `metrics of site "${site.node.id}"` : 'prometheus.uri';
    refuse(
      `${prop}: expected the address of a Prometheus, https:// or http://; received "${prometheus.uri}"; fix: give prometheus`,
    );
  }
  const wrong = Object.keys(prometheus.labels ?? {}).find((name) => !labelName.test(name));
  if (wrong !== undefined) {
    refuse(
      `prometheus.labels: expected names of Prometheus' labels, such as cluster; received "${wrong}"`,
    );
  }
  return prometheus;
}

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
