import { readFileSync } from 'node:fs';
import type { Datatype } from '@manara/contract';
import { documentReader, fraud } from '@manara/example-models';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A tensor with its elements' bytes as hexadecimal, so that "equal" means equal to the bit. */
export interface HexTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly hex: string;
}

export interface InferenceRequest {
  readonly title: string;
  readonly model: string;
  readonly version: string;
  readonly inputs: readonly HexTensor[];
  /** Outputs to ask for, in this order. */
  readonly outputs: readonly string[];
}

const payments = Object.values(fraud.payments);
const fraudOutputs = ['label', 'probabilities'];

/** Requests with real inputs: both models, every version, one row and several. */
export function realRequests(): readonly InferenceRequest[] {
  const line = documentReader.preprocess(readFileSync(documentReader.samples.iban.file));
  return [
    ...fraud.versions.flatMap((version) => [
      fraudRequest(String(version), payments.slice(0, 1)),
      fraudRequest(String(version), payments),
    ]),
    {
      title: `${documentReader.modelName} 1, the IBAN`,
      model: documentReader.modelName,
      version: '1',
      inputs: [floatTensor(documentReader.inputName, line.data, line.shape)],
      outputs: [documentReader.outputName],
    },
  ];
}

/** Path of the ONNX file that answers a request. */
function fileOf({ model, version }: InferenceRequest): string {
  if (model === documentReader.modelName) return documentReader.modelFile;
  const known = fraud.versions.find((candidate) => String(candidate) === version);
  if (model !== fraud.modelName || known === undefined)
    throw new Error(`no file for ${model} ${version}`);
  return fraud.versionFile(known);
}

/** What onnxruntime-node itself answers, with one thread as the server gives each session. */
export async function direct(request: InferenceRequest): Promise<readonly HexTensor[]> {
  const session = await InferenceSession.create(fileOf(request), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    request.inputs.map(({ name, shape, hex }) => [
      name,
      new Tensor('float32', floatsOf(hex), shape),
    ]),
  );
  const results = await session.run(feeds, [...request.outputs]);
  const answers = request.outputs.map((name) => hexTensor(name, results[name]!));
  await session.release();
  return answers;
}

export function floatsOf(hex: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
}

export function hexOf(data: ArrayBufferView): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
}

function hexTensor(name: string, { type, data, dims }: Tensor): HexTensor {
  const datatypes: Readonly<Record<string, Datatype>> = { float32: 'FP32', int64: 'INT64' };
  const datatype = datatypes[type];
  if (datatype === undefined || !ArrayBuffer.isView(data))
    throw new Error(`unexpected type ${type}`);
  return { name, datatype, shape: dims, hex: hexOf(data) };
}

function fraudRequest(version: string, rows: typeof payments): InferenceRequest {
  return {
    title: `${fraud.modelName} ${version}, ${rows.length} payments`,
    model: fraud.modelName,
    version,
    inputs: [floatTensor('features', fraud.encode(rows), [rows.length, fraud.features.length])],
    outputs: fraudOutputs,
  };
}

function floatTensor(name: string, data: Float32Array, shape: readonly number[]): HexTensor {
  return { name, datatype: 'FP32', shape, hex: hexOf(data) };
}
