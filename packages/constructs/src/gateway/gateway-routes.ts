import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1';
import { ApiObject, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { apiVersions } from './api-versions';
import { contractPath } from './contract-path';
import { contractOf } from './gateway-contract';
import type { Behind, LoweredGateway } from './lowered-gateway';

type HttpRoute = NonNullable<NonNullable<IVirtualService['spec']>['http']>[number];
type Match = NonNullable<HttpRoute['match']>[number];

/**
 * What leads a gateway's requests to its endpoints: at the gateway's own host by path, at each endpoint's
 * host all of its server. The endpoint's own routes say where that is, and how a rollout divides it.
 */
export function addRoutes(scope: Construct, gateway: LoweredGateway): void {
  const { name, labels, props, behind } = gateway;
  const add = (id: string, objectName: string, hosts: string[], http: HttpRoute[]): ApiObject => {
    const spec: IVirtualService['spec'] = { hosts, gateways: [name], http };
    return new ApiObject(scope, id, {
      apiVersion: apiVersions.networking,
      kind: 'VirtualService',
      metadata: { name: objectName, labels: { ...labels } },
      spec,
    });
  };
  const byPath = behind.map((one) => delegation(gateway, one, matchesOf(one.name)));
  const all = add('routes', name, [props.host], [contractRoute(gateway), ...byPath]);
  for (const one of behind) {
    const http = [delegation(gateway, one)];
    const own = add(`routes-${one.name}`, `${name}-${one.name}`, [one.host], http);
    for (const object of [all, own]) one.workload.routes.leadFrom(object);
  }
}

/** Only whole names: `fraud` is not to be asked for `fraud-2`. */
function matchesOf(endpoint: string): Match[] {
  return [
    { uri: { exact: `/v2/models/${endpoint}` } },
    { uri: { prefix: `/v2/models/${endpoint}/` } },
    { uri: { prefix: `/v2/repository/models/${endpoint}/` } },
  ];
}

function delegation({ props, site }: LoweredGateway, one: Behind, match?: Match[]): HttpRoute {
  const { delegate } = one.workload.routes;
  return {
    name: one.name,
    ...(match === undefined ? {} : { match }),
    delegate: { ...delegate, namespace: site.namespaceName },
    ...(props.cors === undefined ? {} : { corsPolicy: corsPolicy(props.cors) }),
  };
}

function corsPolicy({
  origins,
  maxAge = Duration.hours(1),
}: NonNullable<LoweredGateway['props']['cors']>) {
  return {
    allowOrigins: origins.map((exact) => ({ exact })),
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: [
      'authorization',
      'content-type',
      'inference-header-content-length',
      'idempotency-key',
      'traceparent',
    ],
    exposeHeaders: ['inference-header-content-length', 'retry-after', 'x-degraded'],
    maxAge: `${maxAge.toSeconds()}s`,
  };
}

/** The document is small and the same for everybody: the proxy itself answers with it. */
function contractRoute(gateway: LoweredGateway): HttpRoute {
  return {
    name: 'contract',
    match: [{ uri: { exact: contractPath }, method: { exact: 'GET' } }],
    directResponse: { status: 200, body: { string: JSON.stringify(contractOf(gateway)) } },
    headers: { response: { set: { 'content-type': 'application/json' } } },
  };
}
