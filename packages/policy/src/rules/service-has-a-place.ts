import { placelessServices, placelessService } from '../facts/placeless-services';
import { awsTypes, documented, type PolicyRule } from '../policy-rule';
import { each, list, text } from '../read';

const edge = documented(
  awsTypes,
  'apigateway.RestApi, endpointConfiguration.types: EDGE where it is left out',
);

/**
 * A service stands somewhere. One that answers from edge locations worldwide, or that spans regions of its
 * own accord, has no place that could be inside a zone.
 */
export const serviceHasAPlace: PolicyRule = {
  id: 'service-has-a-place',
  title: 'a service answers from one place, not from everywhere',
  sources: [...placelessServices.map(({ source }) => source), edge],
  *check({ type, props }) {
    const service = placelessService(type);
    if (service !== undefined) {
      yield {
        because: `${type} ${service.does}, so it has no place in the zone`,
        fix: 'serve from the zone: a regional load balancer, a private registry, a cluster of one region',
        source: service.source,
      };
    }
    if (type === 'aws:apigateway:RestApi') yield* edgeOptimized(props.endpointConfiguration);
    if (/^aws:(?:rds|docdb|neptune):Cluster$/.test(type)) {
      const global = text(props.globalClusterIdentifier);
      if (global !== undefined) {
        yield {
          because: `globalClusterIdentifier: it joins "${global}", which clusters of any region may join`,
          fix: 'leave globalClusterIdentifier out',
        };
      }
    }
  },
};

function* edgeOptimized(configuration: unknown) {
  if (list(configuration).length === 0) yield edgeBreach('none, which means EDGE');
  yield* each(configuration, function* (one) {
    const [type] = list((one as { readonly types?: unknown }).types);
    if (type !== 'REGIONAL' && type !== 'PRIVATE') yield edgeBreach(text(type) ?? 'none');
  });
}

function edgeBreach(received: string) {
  return {
    because: `endpointConfiguration.types: expected REGIONAL or PRIVATE, received ${received}: requests come in at edge locations worldwide`,
    fix: "endpointConfiguration: { types: 'PRIVATE' }",
    source: edge,
  };
}
