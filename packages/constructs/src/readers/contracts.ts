import type { OpenApiDocument } from '@manara/contract';
import type { IConstruct } from 'constructs';
import { endpointContract } from '../endpoint-contract';
import { InferenceGateway } from '../gateway/inference-gateway';
import { ModelEndpoint } from '../model-endpoint';

/** An OpenAPI document, and what it is of. */
export interface ApiContract {
  /** Path below an output folder: `fraud.json` of an endpoint, `dubai/api.json` of a gateway. */
  readonly path: string;
  readonly document: OpenApiDocument;
}

/** The contract of each endpoint's servers, and of each gateway. */
export function apiContracts(root: IConstruct): readonly ApiContract[] {
  const all = root.node.findAll();
  return [
    ...all
      .filter((construct) => ModelEndpoint.isModelEndpoint(construct))
      .map((endpoint) => ({ path: `${endpoint.name}.json`, document: endpointContract(endpoint) })),
    ...all
      .filter((construct) => InferenceGateway.isInferenceGateway(construct))
      .map((gateway) => ({
        path: `${gateway.site.node.id}/${gateway.node.id}.json`,
        document: gateway.contract,
      })),
  ];
}
