import { type OpenApiDocument, openApiDocument } from '@manara/contract';
import { ConstructError } from '../construct-error';
import { apiFeatures, apiVersions } from '../endpoint-contract';
import { contractPath } from './contract-path';
import type { LoweredGateway } from './lowered-gateway';

/** More than this makes the object that holds it too large for Kubernetes' store, with room for the rest. */
const mostBytes = 512 * 1024;

/** What a gateway serves at its own host: what names a model, of all that each server does. */
const served = /^\/v2\/(models|repository\/models)\/(?!stats$)/;

/**
 * The contract of all endpoints behind a gateway, as far as the signatures of their models are known.
 *
 * @throws ConstructError MANARA_GATEWAY for one that is too large to be served
 */
export function contractOf(gateway: LoweredGateway): OpenApiDocument {
  const { at, props, behind } = gateway;
  const endpoints = behind.map(({ workload }) => workload.endpoint);
  const document = openApiDocument({
    version: '1',
    versions: endpoints.flatMap(apiVersions),
    errors: undefined,
    features: apiFeatures(endpoints),
    identity: { apiKeys: false, tokens: true, certificates: props.tls.clientCertificates },
  });
  const own = Object.entries(document.paths).filter(([path]) => served.test(path));
  const contract: OpenApiDocument = {
    ...document,
    info: {
      title: `Models of ${props.host}`,
      version: '1',
      description: `Open Inference Protocol v2. Each model has a host of its own, too, with gRPC and jobs: ${behind.map(({ host }) => host).join(', ')}.`,
    },
    servers: [{ url: `https://${props.host}` }],
    paths: { ...Object.fromEntries(own), [contractPath]: { get: readContract } },
  };
  const bytes = Buffer.byteLength(JSON.stringify(contract));
  if (bytes > mostBytes) {
    throw new ConstructError(
      'MANARA_GATEWAY',
      at,
      `access: the contract of its ${behind.length} endpoints takes ${bytes} bytes; expected at most ${mostBytes}: divide them between two gateways`,
    );
  }
  return contract;
}

const readContract = {
  operationId: 'contract',
  tags: ['Server'],
  summary: 'This document',
  responses: { 200: { description: 'This document', content: { 'application/json': {} } } },
  security: [{ bearer: [] }],
};
