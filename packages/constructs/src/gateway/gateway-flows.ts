import type { DataFlow, FlowEnd } from '@manara/residency';
import { encryptionTo } from '../props/uri';
import { sinkFlowOf } from '../flows/endpoint-flows';
import type { LoweredGateway } from './lowered-gateway';

/** What a gateway moves: images, its access log, keys that tokens are checked with, and shared counts. */
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
  const { sharedLimits } = props;
  const counts: readonly DataFlow[] =
    sharedLimits === undefined
      ? []
      : [
          {
            ...base,
            kind: 'state',
            // Who called is about whom the endpoints' data is, or about who works with it.
            dataClasses: [
              ...new Map(
                props.access.flatMap(({ endpoint }) => endpoint.data.map((one) => [one.id, one])),
              ).values(),
            ],
            from: here,
            to: {
              name: `counts of ${here.name}`,
              place: sharedLimits.place,
              uri: sharedLimits.uri,
              addresses: sharedLimits.peer.cidrs,
            },
            encryption: encryptionTo(sharedLimits.uri),
            told: ['who calls'],
          },
        ];
  // The access log has no personal data, and goes where the site's logs go.
  return [image, ...keys, ...counts, sinkFlowOf({ owner: at, dataClasses: [] }, here, 'log', site)];
}
