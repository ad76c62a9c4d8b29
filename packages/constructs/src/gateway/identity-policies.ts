import type {
  IAuthorizationPolicy,
  IRequestAuthentication,
} from '@kubernetes-models/istio/security.istio.io/v1';
import { ports } from '@manara/contract';
import type { Place } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { apiVersions } from './api-versions';
import type { GatewayAccess } from './gateway-props';
import { contractPath } from './contract-path';
import { type Behind, hostsOf, type LoweredGateway } from './lowered-gateway';
import { grpcOperations, restOperations } from './operations';
import type { TokenIssuer } from './token-issuer';

type Rule = NonNullable<NonNullable<IAuthorizationPolicy['spec']>['rules']>[number];

/** What checks tokens, and who may do what: what no rule lets through is refused. */
export function addIdentityPolicies(scope: Construct, gateway: LoweredGateway): void {
  const { name, labels, podLabels, props, behind, site } = gateway;
  const matchLabels = { ...podLabels };
  const authentication: IRequestAuthentication['spec'] = {
    selector: { matchLabels },
    jwtRules: props.issuers.map(jwtRule),
  };
  new ApiObject(scope, 'authentication', {
    apiVersion: apiVersions.security,
    kind: 'RequestAuthentication',
    metadata: { name, labels: { ...labels } },
    spec: authentication,
  });
  const add = (id: string, objectName: string, spec: IAuthorizationPolicy['spec']): void => {
    new ApiObject(scope, id, {
      apiVersion: apiVersions.security,
      kind: 'AuthorizationPolicy',
      metadata: { name: objectName, labels: { ...labels } },
      spec,
    });
  };
  add('access', name, {
    selector: { matchLabels },
    action: 'ALLOW',
    rules: [
      contractRule(gateway),
      ...preflightRules(gateway),
      ...behind.flatMap((one) => one.rules.map((access) => accessRule(gateway, one, access))),
    ],
  });
  for (const { name: endpoint, workload } of behind) {
    add(`way-to-${endpoint}`, `${name}-to-${endpoint}`, {
      selector: { matchLabels: { ...workload.podLabels } },
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: [`*/ns/${site.namespaceName}/sa/${name}`] } }],
          to: [{ operation: { ports: [ports.http, ports.grpc].map(String) } }],
        },
      ],
    });
  }
}

function jwtRule({ issuer, audiences, publishedKeys, keys }: TokenIssuer) {
  return {
    issuer,
    audiences: [...audiences],
    ...(publishedKeys === undefined ? {} : { jwksUri: publishedKeys.uri }),
    ...(keys === undefined ? {} : { jwks: keys }),
  };
}

/** Whoever may ask for something may read what there is to ask for. */
function contractRule({ props }: LoweredGateway): Rule {
  return {
    from: [{ source: { requestPrincipals: principalsOf(props.issuers, []) } }],
    to: [{ operation: { hosts: [props.host], methods: ['GET'], paths: [contractPath] } }],
  };
}

/** A browser asks without a token whether it may ask with one; the proxy answers that itself. */
function preflightRules(gateway: LoweredGateway): readonly Rule[] {
  const { cors } = gateway.props;
  if (cors === undefined) return [];
  return [
    {
      to: [{ operation: { hosts: [...hostsOf(gateway)], methods: ['OPTIONS'] } }],
      when: [
        { key: 'request.headers[origin]', values: [...cors.origins] },
        { key: 'request.headers[access-control-request-method]', values: ['*'] },
      ],
    },
  ];
}

function accessRule(gateway: LoweredGateway, behind: Behind, access: GatewayAccess<Place>): Rule {
  const { callers, verbs = ['read', 'infer'], versions } = access;
  const { subjects, claim } = callers.identity;
  const asked = { endpoint: behind.name, verbs, versions };
  const hosts = [gateway.props.host, behind.host];
  const operations = [
    ...restOperations(asked).map((one) => ({ ...one, hosts })),
    ...grpcOperations(asked).map((one) => ({ ...one, hosts: [behind.host] })),
  ];
  return {
    from: [{ source: { requestPrincipals: principalsOf(gateway.props.issuers, subjects) } }],
    to: operations.map(({ method, paths, hosts: at }) => ({
      operation: { hosts: at, methods: [method], paths: [...paths] },
    })),
    ...(claim === undefined
      ? {}
      : { when: [{ key: `request.auth.claims[${claim.name}]`, values: [...claim.values] }] }),
  };
}

/** `<iss>/<sub>`, which Istio makes of every token that it has checked. */
function principalsOf(issuers: readonly TokenIssuer[], subjects: readonly string[]): string[] {
  return issuers.flatMap(({ issuer }) =>
    (subjects.length === 0 ? ['*'] : subjects).map((subject) => `${issuer}/${subject}`),
  );
}
