import * as manara from '@manara/pulumi';
import type { Provider } from '@pulumi/kubernetes/provider';
import { Duration } from 'cdk8s';
import type { Zone } from '../clouds/zone';

const place = 'aws:me-central-1';

/**
 * A model that is served from the cluster of a provider, as a program without cdk8s writes it.
 *
 * @param prefix of the registry that its images come from
 */
export function endpoint(
  zone: Zone,
  provider: Provider,
  prefix = '111122223333.dkr.ecr.me-central-1.amazonaws.com',
): void {
  const images = new manara.ImageRegistry({ place, prefix });
  const site = new manara.Site(
    'dubai-site',
    {
      zone,
      place,
      images,
      logs: manara.none('read on the node'),
      metrics: manara.none('not collected'),
      traces: manara.none('not collected'),
      backup: manara.none('can be trained again'),
    },
    { provider },
  );
  const peer = manara.Peer.addresses('10.20.0.0/24');
  const bucket = new manara.ModelBucket({ place, uri: 's3://bank-models', peer });
  const sha256 = '0'.repeat(64);
  const artifact = new manara.ModelArtifact({
    bucket,
    key: 'churn/1/model.onnx',
    sha256,
    sizeBytes: 1_000_000,
  });
  new manara.ModelEndpoint('churn', {
    zone,
    versions: [new manara.ModelVersion(1, artifact)],
    engine: manara.ServingEngine.onnx(),
    sites: [site],
    standby: manara.none('one site'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99 },
    traffic: { peakRequestsPerSecond: 100 },
  });
}
