import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metrics, parseExplanation } from '@manara/contract';
import { answerNames } from '../../src/explain/answer';
import { limits } from '../../src/explain/limits';
import { type ParameterValues, readParameters } from '../../src/explain/parameters';
import { postJson } from '../support/http-client';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

const root = join(__dirname, '..', '..', '..', '..');
const page = join(root, 'docs', 'explain.md');

interface Answer {
  readonly parameters: unknown;
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly data: readonly (number | string)[];
  }[];
}

/** Numbers as the page shows them. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) =>
    // A sum that is 0 but for rounding has another last bit on another processor.
    typeof item === 'number' ? Number(item.toFixed(4)) + 0 : item,
  );
}

describe('docs/explain.md', () => {
  const text = readFileSync(page, 'utf8');
  const requests = [...text.matchAll(/\/v2\/models\/(\w+)\/explain -d '([^']+)'/g)].map(
    ([, model = '', body = '']) => ({
      model,
      body: JSON.parse(body) as { readonly parameters: ParameterValues },
    }),
  );
  const json = [...text.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const repository = new TemporaryRepository();
  let test: TestServer;

  before(async () => {
    const models = join(root, 'examples', 'models', 'repository', 'fraud', '2');
    cpSync(models, join(repository.folder, 'fraud', '2'), { recursive: true });
    test = await startTestServer(repository.folder);
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('shows what its first request is answered', async () => {
    const { model, body } = requests[0]!;
    const reply = await postJson(`${test.url}/v2/models/${model}/explain`, body);
    const answer = rounded(reply.body) as Answer;
    if (process.env.MANARA_UPDATE_DOCS === '1') {
      writeFileSync(page, text.replace(json[0]!, `${JSON.stringify(answer)}\n`));
      return;
    }
    const shown = JSON.parse(json[0]!) as Answer;
    assert.deepEqual(shown.parameters, answer.parameters);
    assert.equal(shown.outputs.length, answer.outputs.length);
    for (const [i, output] of answer.outputs.entries()) {
      const { name, shape, data } = shown.outputs[i]!;
      assert.deepEqual([name, shape, data.length], [output.name, output.shape, output.data.length]);
      for (const [j, value] of output.data.entries()) {
        const isSame =
          typeof value === 'string' ? data[j] === value : Math.abs(value - Number(data[j])) < 2e-4;
        assert.ok(isSame, `${name}[${j}]: the page has ${data[j]!}, the server ${value}`);
      }
    }
  });

  it('has requests and files that are taken', () => {
    assert.equal(requests.length, 3);
    for (const { body } of requests) readParameters(body.parameters);
    assert.equal(json.length, 3);
    for (const file of json.slice(1)) parseExplanation(JSON.parse(file));
  });

  it('names every parameter, output and metric, and the limits', () => {
    const known = /some of (.*), received/.exec(
      (() => {
        try {
          readParameters({ unknown: 1 });
        } catch (error) {
          return (error as Error).message;
        }
        return '';
      })(),
    )?.[1];
    assert.ok(known);
    const own = Object.entries(metrics).filter(([key]) => key.startsWith('explain'));
    for (const name of [
      ...known.split(', '),
      ...Object.values(answerNames),
      ...own.map(([, metric]) => metric.name),
    ]) {
      assert.ok(text.includes(`\`${name}\``), name);
    }
    for (const limit of [limits.evaluations, limits.elements, limits.deadlineMillis]) {
      assert.ok(text.includes(limit.toLocaleString('en')), String(limit));
    }
  });
});
