import type { DataFlow, FlowEnd } from '@manara/residency';
import { encryptionTo } from '../props/uri';
import { sinkFlowOf } from '../flows/endpoint-flows';
import type { LoweredGateway } from './lowered-gateway';

/** What a gateway moves: its image, its access log, and the keys that tokens are checked with. */
export function gatewayFlows({ at, site, props }: LoweredGateway): readonly DataFlow[] {
  const here: FlowEnd = { name: `gateway ${at}`, place: site.place };
  const base = { status: 'declared', owner: at, dataClasses: [] } as const;
  const image: DataFlow = {
    ...base,
    kind: 'image',
    from: {
      name: `image registry of ${here.name}`,
      place: site.images.place,
      uri: `https://${site.images.prefix}`,
    },
    to: here,
    encryption: 'unknown',
  };
  const keys = props.issuers.flatMap(({ issuer, publishedKeys }): readonly DataFlow[] =>
    publishedKeys === undefined
      ? []
      : [
          {
            ...base,
            kind: 'key',
            from: here,
            to: {
              name: `keys of "${issuer}", told nothing of requests`,
              place: publishedKeys.place,
              uri: publishedKeys.uri,
            },
            encryption: encryptionTo(publishedKeys.uri),
            told: [],
          },
        ],
  );
  // The access log has no personal data, and goes where the site's logs go.
  return [image, ...keys, sinkFlowOf({ owner: at, dataClasses: [] }, here, 'log', site)];
}
