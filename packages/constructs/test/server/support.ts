import type { GivenConfig } from '@manara/contract';
import { DataClass } from '@manara/residency';
import { App } from 'cdk8s';
import { ModelVersion, Peer, type ServerProps } from '../../src';
import { newArtifact, newEndpoint, newSite, newZone, type UaePlace } from '../support/fixtures';

export const home = 'aws:me-central-1';
export const redisPeer = Peer.pods('data', { app: 'redis' });
export const flagdPeer = Peer.pods('flags', { app: 'flagd' });

type Flags = NonNullable<NonNullable<GivenConfig['variants']>['flags']>;

/** Two versions, of which a flag decides for each value of a header. */
export function flagged(flags: Flags, config: GivenConfig = {}): GivenConfig {
  return {
    ...config,
    variants: {
      models: {
        fraud: {
          variants: { control: { version: 1, weight: 9 }, challenger: { version: 2, weight: 1 } },
          stickyHeader: 'x-customer',
          flag: 'fraud-variant',
        },
      },
      flags,
    },
  };
}

/** A tree of endpoint `fraud`, of versions 1 and 2, with this server. */
export function treeWith(
  server: ServerProps<UaePlace>,
  data: readonly DataClass[] = [DataClass.PERSONAL],
): App {
  const app = new App();
  const zone = newZone(app, { data });
  newEndpoint(newSite(zone), {
    versions: [
      new ModelVersion(1, newArtifact()),
      new ModelVersion(2, newArtifact({ key: 'fraud/2/model.onnx' })),
    ],
    server,
  });
  return app;
}
