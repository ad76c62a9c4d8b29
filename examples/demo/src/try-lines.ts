import { relative } from 'node:path';
import type { DevServer } from '@manara/cli';
import { grpcService, path, routes } from '@manara/contract';
import { fraud } from '@manara/example-models';
import { protoFile, protoFolder } from './clients/grpc';

/** Lines to paste into a shell while the demo keeps serving, run from where it was started. */
export function tryLines({ addresses }: DevServer): readonly string[] {
  const model = fraud.modelName;
  const data = fraud.expected.payments.stolenNumber.features;
  const input = { name: 'features', datatype: 'FP32', shape: [1, data.length] };
  const rest = JSON.stringify({ inputs: [{ ...input, data }] });
  const grpc = JSON.stringify({
    model_name: model,
    inputs: [{ ...input, contents: { fp32_contents: data } }],
  });
  const base = `http://${addresses.http}`;
  return [
    `curl -s ${base}${path(routes.modelInfer, { model })} -H 'content-type: application/json' -d '${rest}'`,
    `grpcurl -plaintext -import-path ${relative(process.cwd(), protoFolder) || '.'} -proto ${protoFile} -d '${grpc}' ${addresses.grpc} ${grpcService}/ModelInfer`,
    `curl -s http://${addresses.metrics}/metrics`,
  ];
}
