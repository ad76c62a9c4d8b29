import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { TestGrpcClient } from '../support/grpc-client';
import { postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
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

describe('tracing', () => {
  const repository = new TemporaryRepository();
  const spans: Span[] = [];
  let collector: Server;
  let path = '';
  let test: TestServer;

  before(async () => {
    repository.add('m', 1, addConstant(1));
    collector = createServer((request, response) => {
      path = request.url ?? '';
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
        for (const { scopeSpans } of resourceSpans) {
          for (const scope of scopeSpans) spans.push(...scope.spans);
        }
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as { port: number };
    test = await startTestServer(repository.folder, {
      tracesEndpoint: `http://127.0.0.1:${port}`,
    });
  });
  after(() => {
    collector.close();
    repository.remove();
  });

  it("sends a request's spans as children of the caller's", async () => {
    const headers = { traceparent: `00-${traceId}-${spanId}-01` };
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
});
