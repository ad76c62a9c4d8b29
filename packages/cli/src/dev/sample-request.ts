import {
  type Datatype,
  type ModelSignature,
  path,
  routes,
  type TensorSignature,
} from '@manara/contract';
import { ModelEndpoint } from '@manara/constructs';
import type { App } from 'cdk8s';

/** More than this is no line to paste. */
const longestSample = 64;

/** A line for a shell that asks an endpoint something it can answer. */
export function curlLine(app: App, httpAddress: string, model: string): string {
  const base = `http://${httpAddress}`;
  const signature = signatureOf(app, model);
  const inputs = signature?.inputs.map(sampleTensor) ?? [undefined];
  if (inputs.includes(undefined)) return `curl -s ${base}${path(routes.modelMetadata, { model })}`;
  return `curl -s ${base}${path(routes.modelInfer, { model })} -H 'content-type: application/json' -d '${JSON.stringify({ inputs })}'`;
}

/** Of the version that answers when the path names none. */
function signatureOf(app: App, model: string): ModelSignature | undefined {
  const endpoint = app.node
    .findAll()
    .filter((construct) => ModelEndpoint.isModelEndpoint(construct))
    .find((candidate) => candidate.name === model);
  const version = endpoint?.versions.find(({ number }) => number === endpoint.defaultVersion);
  return version?.artifact.signature;
}

/** One of each dimension that varies, all zeros; nothing where that would be too long. */
function sampleTensor({ name, datatype, shape }: TensorSignature): object | undefined {
  const concrete = shape.map((size) => Math.max(size, 1));
  const count = concrete.reduce((product, size) => product * size, 1);
  if (count > longestSample) return undefined;
  return { name, datatype, shape: concrete, data: Array.from({ length: count }, zero(datatype)) };
}

function zero(datatype: Datatype): () => unknown {
  if (datatype === 'BYTES') return () => '';
  return datatype === 'BOOL' ? () => false : () => 0;
}
