import {
  type ApiFeature,
  type ApiVersion,
  type OpenApiDocument,
  openApiDocument,
} from '@manara/contract';
import type { EndpointSpec } from './engines/lowering';

/** The contract of an endpoint's servers, as far as the signatures of its models are known. */
export function endpointContract(endpoint: EndpointSpec): OpenApiDocument {
  const identity = endpoint.server?.config.identity;
  const document = openApiDocument({
    version: '1',
    versions: apiVersions(endpoint),
    errors: undefined,
    features: apiFeatures([endpoint]),
    identity: identity && {
      apiKeys: identity.apiKeys !== undefined,
      tokens: identity.jwt !== undefined,
      certificates: identity.clientCertificates !== undefined,
    },
  });
  const { title, description } = document.info;
  return {
    ...document,
    info: { ...document.info, title: `${endpoint.name}: ${String(title)}`, description },
  };
}

/** Versions whose signatures are known. */
export function apiVersions({
  name,
  versions,
  defaultVersion,
}: EndpointSpec): readonly ApiVersion[] {
  return versions.flatMap(({ number, artifact: { signature } }) =>
    signature === undefined
      ? []
      : [
          {
            model: name,
            version: number,
            isDefault: number === defaultVersion,
            signature,
            // What a server finds out when it loads the model.
            maxBatchSize: 0,
            answersZeros: false,
          },
        ],
  );
}

/** What at least one of the endpoints' servers is configured to do. */
export function apiFeatures(endpoints: readonly EndpointSpec[]): readonly ApiFeature[] {
  const configs = endpoints.map(({ server }) => server?.config);
  const isOn: Readonly<Record<ApiFeature, boolean>> = {
    jobs: configs.some((config) => config?.jobs !== undefined),
    batches: configs.some((config) => config?.jobs?.folder !== undefined),
    feedback: configs.some((config) => config?.variants?.feedback !== undefined),
    // Not among what an endpoint's configuration may say.
    administration: false,
    control: false,
  };
  return (Object.keys(isOn) as ApiFeature[]).filter((feature) => isOn[feature]);
}
