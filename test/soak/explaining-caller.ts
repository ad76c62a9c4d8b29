import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { path, routes } from '@manara/contract';
import { noise, perceptron } from '@manara/runtime/build/test/support/models';
import type { ServerUnderTest } from '../support/server-under-test';

/** The model that is explained, by this name. */
export const explainedModel = { name: 'explained', file: perceptron() } as const;

const features = 20;
const backgroundRows = 8;

interface Explanation {
  readonly outputs: readonly { readonly name: string; readonly data: readonly number[] }[];
}

/** Asks for explanations until it is over. @returns how many there were */
export async function explainingCaller(
  server: ServerUnderTest,
  over: AbortSignal,
): Promise<number> {
  const url = `http://${server.addresses.http}${path(routes.modelExplain, { model: explainedModel.name })}`;
  const headers = { 'content-type': 'application/json' };
  let count = 0;
  for (; !over.aborted; count++) {
    const body = JSON.stringify({
      parameters: { method: 'kernel_shap', budget: 2000, seed: count },
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [1, features], data: [...noise(features, count)] },
        {
          name: 'background',
          datatype: 'FP32',
          shape: [backgroundRows, features],
          data: [...noise(features * backgroundRows, 1)],
        },
      ],
    });
    const answer = await fetch(url, { method: 'POST', headers, body });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    checkSum(JSON.parse(text) as Explanation);
    await setTimeout(250, undefined, { signal: over }).catch(() => undefined);
  }
  return count;
}

/** What the features are given makes up the difference from the base value to the prediction. */
function checkSum({ outputs }: Explanation): void {
  const of = (name: string): readonly number[] =>
    outputs.find((output) => output.name === name)?.data ?? [];
  const [base = NaN] = of('base_value');
  const [prediction = NaN] = of('prediction');
  const sum = of('attributions').reduce((total, value) => total + value, base);
  assert.equal(of('attributions').length, features);
  assert.ok(Math.abs(sum - prediction) < 1e-6, `${sum} is not ${prediction}`);
}
