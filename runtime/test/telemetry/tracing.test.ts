import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { ServerOptions } from '../../src';
import { TestGrpcClient } from '../support/grpc-client';
import { postJson } from '../support/http-client';
import { addConstant, perceptron } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly traceState?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly {
    readonly key: string;
    readonly value: Readonly<Record<string, unknown>>;
  }[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const input = { name: 'x', datatype: 'FP32', shape: [1], data: [4242] };

/** A collector that keeps the spans it is sent. */
class Collector {
  readonly spans: Span[] = [];
  path = '';
  private readonly server = createServer((request, response) => {
    this.path = request.url ?? '';
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
      for (const { scopeSpans } of resourceSpans) {
        for (const scope of scopeSpans) this.spans.push(...scope.spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  named(name: string): readonly Span[] {
    return this.spans.filter((span) => span.name === name);
  }

  close(): void {
    this.server.close();
  }
}

describe('tracing', () => {
  const repository = new TemporaryRepository();
  let collector: Collector;
  let test: TestServer;

  before(() => {
    repository.add('m', 1, addConstant(1));
    repository.add('mlp', 1, perceptron());
  });
  beforeEach(() => {
    collector = new Collector();
  });
  afterEach(() => {
    collector.close();
  });
  after(() => {
    repository.remove();
  });

  async function start(more: Partial<ServerOptions> = {}): Promise<void> {
    test = await startTestServer(repository.folder, {
      tracesEndpoint: await collector.listen(),
      tracesSampleRatio: 1,
      workers: 1,
      ...more,
    });
  }

  it("sends a request's spans as children of the caller's", async () => {
    await start();
    const headers = { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'bank=7' };
    await postJson(`${test.url}/v2/models/m/infer`, { inputs: [input] }, headers);
    const unsampled = { traceparent: `00-${'1'.repeat(32)}-${spanId}-00` };
    await postJson(`${test.url}/v2/models/m/infer`, { inputs: [input] }, unsampled);
    await postJson(`${test.url}/v2/models/none/infer`, { inputs: [input] });
    const explained = '2'.repeat(32);
    const background = { name: 'background', datatype: 'FP32', shape: [2, 1], data: [0, 1] };
    const explanation = { inputs: [input, background] };
    const asked = { traceparent: `00-${explained}-${spanId}-01` };
    await postJson(`${test.url}/v2/models/m/explain`, explanation, asked);
    await postJson(`${test.url}/v2/models/m/explain`, { inputs: [input] }, asked);
    const client = new TestGrpcClient(test.grpc);
    const contents = { fp32_contents: [1] };
    await client.call('ModelInfer', { model_name: 'm', inputs: [{ ...input, contents }] });
    client.close();
    await test.server.close();

    const { spans, path } = collector;
    assert.equal(path, '/v1/traces');
    const explanations = spans.filter((span) => span.traceId === explained);
    assert.deepEqual(
      explanations.map(({ name, parentSpanId, status }) => [name, parentSpanId, status.message]),
      [
        ['inference.explain', spanId, undefined],
        ['inference.explain', spanId, 'BACKGROUND_MISSING'],
      ],
    );
    const told = new Map(explanations[0]?.attributes.map(({ key, value }) => [key, value]));
    assert.deepEqual(told.get('manara.explain.method'), { stringValue: 'kernel_shap' });
    assert.deepEqual(told.get('manara.explain.evaluations'), { intValue: 3 });
    const inTrace = spans.filter((span) => span.traceId === traceId);
    const [request] = inTrace.filter(({ name }) => name === 'inference.request');
    assert.equal(request?.parentSpanId, spanId);
    assert.equal(request.traceState, 'bank=7');
    assert.deepEqual(Object.fromEntries(request.attributes.map(({ key, value }) => [key, value])), {
      'manara.model.name': { stringValue: 'm' },
      'manara.model.version': { intValue: 1 },
      'manara.batch.size': { intValue: 1 },
      'network.protocol.name': { stringValue: 'http' },
    });
    const children = inTrace.filter(({ parentSpanId }) => parentSpanId === request.spanId);
    assert.deepEqual(children.map(({ name }) => name).sort(), [
      'inference.compute',
      'inference.queue',
    ]);
    for (const { startTimeUnixNano, endTimeUnixNano } of children) {
      assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
    }
    assert.deepEqual(
      spans.filter((span) => span.traceId === '1'.repeat(32)),
      [],
      'what the caller does not sample is not recorded',
    );
    const refused = spans.find(({ status }) => status.code === 2);
    assert.equal(refused?.status.message, 'MODEL_UNKNOWN');
    const protocols = spans.flatMap(({ attributes }) =>
      attributes.flatMap(({ key, value }) => (key === 'network.protocol.name' ? [value] : [])),
    );
    assert.ok(protocols.some(({ stringValue }) => stringValue === 'grpc'));
    assert.doesNotMatch(JSON.stringify(spans), /4242/);
  });

  it('links a run to the requests that shared it, and each of them to the run', async () => {
    await start();
    const row = { name: 'x', datatype: 'FP32', shape: [1, 20], data: new Array(20).fill(0.5) };
    const asked = 24;
    await Promise.all(
      Array.from({ length: asked }, (_, i) => {
        const traceparent = `00-${traceId}-${spanId}-0${i % 2}`;
        return postJson(`${test.url}/v2/models/mlp/infer`, { inputs: [row] }, { traceparent });
      }),
    );
    await test.server.close();
    const requests = collector.named('inference.request');
    const batches = collector.named('inference.batch');
    assert.equal(requests.length, asked / 2, 'every other request is sampled');
    const linked = batches.flatMap(({ links = [] }) => links);
    assert.deepEqual(
      linked.map((link) => link.spanId).sort(),
      requests.map((request) => request.spanId).sort(),
    );
    assert.ok(linked.every((link) => link.traceId === traceId));
    let served = 0;
    for (const { attributes, spanId: id, links = [] } of batches) {
      const values = Object.fromEntries(attributes.map(({ key, value }) => [key, value.intValue]));
      assert.equal(values['manara.batch.size'], values['manara.batch.requests']);
      served += Number(values['manara.batch.requests']);
      const backwards = collector
        .named('inference.compute')
        .filter((compute) => compute.links?.some((link) => link.spanId === id));
      assert.equal(backwards.length, links.length);
    }
    assert.ok(served >= requests.length && served <= asked, `${served} requests in traced runs`);
  });

  it('samples a share of what nobody decided about, and what a caller sampled', async () => {
    await start({ tracesSampleRatio: 0 });
    const url = `${test.url}/v2/models/m/infer`;
    await postJson(url, { inputs: [input] });
    await postJson(url, { inputs: [input] }, { traceparent: `00-${traceId}-${spanId}-01` });
    await test.server.close();
    assert.deepEqual(
      collector.named('inference.request').map((span) => span.traceId),
      [traceId],
    );
    assert.equal(collector.named('inference.batch').length, 1);
  });
});
