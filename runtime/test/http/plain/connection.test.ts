import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { ServingError } from '../../../src/errors';
import {
  PlainConnection,
  type PlainHost,
  type PlainInference,
} from '../../../src/http/plain/connection';
import type { PlainHead } from '../../../src/http/plain/head';
import { PlainRequest } from '../../../src/http/plain/request';
import { RecentFailures } from '../../../src/seeing/recent-failures';
import { ByteBudget } from '../../../src/limits/byte-budget';
import { ServerLog } from '../../../src/telemetry/logger';
import { RequestObserver } from '../../../src/telemetry/observer';
import { RefusalLog } from '../../../src/telemetry/refusal-log';
import { RawConnection } from '../../support/raw-connection';

const head = 'POST /v2/models/m/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n';
const log = new ServerLog('error', { write: () => undefined });
const observer = new RequestObserver(log, undefined, new RecentFailures(), new RefusalLog(log));

const bodies = new ByteBudget(1024 * 1024);

/** A front end that answers each body with itself, once it is told to, and has a clock of its own. */
class EchoHost implements PlainHost {
  readonly maxBodyBytes = 1000;
  now = 0;
  isDraining = false;
  open = 0;
  /** Bodies that wait for an answer. */
  readonly waiting: (() => void)[] = [];
  readonly failures: ServingError[] = [];
  readonly handedOver: string[] = [];
  connection: PlainConnection | undefined;
  /** Of that connection; kept when it is forgotten. */
  socket: Socket | undefined;

  begin(parameters: PlainHead, socket: Socket): PlainInference {
    this.open++;
    const call = observer.begin('http', { header: () => undefined });
    const failed = call.failed.bind(call);
    call.failed = (thrown) => {
      const error = failed(thrown);
      this.failures.push(error);
      return error;
    };
    return { call, request: new PlainRequest(parameters, socket, bodies.hold()) };
  }

  answer(_: PlainInference, body: Buffer<ArrayBuffer>, connection: PlainConnection): Promise<void> {
    this.waiting.push(() => {
      connection.reply({
        status: 200,
        contentType: 'text/plain',
        headers: { 'x-degraded': 'cache' },
        jsonLength: undefined,
        parts: [body.toString()],
      });
    });
    return Promise.resolve();
  }

  finish(): void {
    this.open--;
  }

  forget(): void {
    this.connection = undefined;
  }

  handOver({ socket }: PlainConnection): void {
    socket.on('data', (chunk: Buffer) => this.handedOver.push(chunk.toString()));
  }
}

describe('a plain connection', () => {
  let host: EchoHost;
  let server: Server;
  let caller: RawConnection;

  beforeEach(async () => {
    host = new EchoHost();
    server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      host.socket = socket;
      host.connection = new PlainConnection(socket, host);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    caller = new RawConnection(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await until(() => host.connection !== undefined);
  });
  afterEach(() => {
    caller.leave();
    host.socket?.destroy();
    server.close();
  });

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await setTimeout(2);
  }

  /** Lets the clock stand at a second. */
  function at(second: number): void {
    host.now = second;
    host.connection?.checkTime();
  }

  async function answerNext(): Promise<void> {
    await until(() => host.waiting.length > 0);
    host.waiting.shift()?.();
  }

  it('answers with the headers and the length, and is kept', async () => {
    await caller.send(`${head}body`);
    await answerNext();
    await until(() => caller.text.endsWith('body'));
    const date = /\r\nDate: ([^\r]+)\r\n/.exec(caller.text)?.[1] ?? '';
    assert.ok(Math.abs(Date.parse(date) - Date.now()) < 5000, date);
    assert.equal(
      caller.text.replace(date, 'now'),
      'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\nDate: now\r\nx-degraded: cache\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n\r\nbody',
    );
    await until(() => host.open === 0);
  });

  it('answers one request after the other, and reads no further meanwhile', async () => {
    await caller.send(`${head}aaaa${head}bbbb${head}cc`);
    await caller.send('cc');
    await until(() => host.waiting.length > 0);
    await setTimeout(20);
    assert.equal(host.waiting.length, 1);
    for (const body of ['aaaa', 'bbbb', 'cccc']) {
      await answerNext();
      await until(() => caller.text.endsWith(body));
    }
    assert.equal(caller.text.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
  });

  it('holds little of what a caller sends on, and makes it wait', async () => {
    const requests = `${head}body`.repeat(100_000);
    void caller.send(requests);
    await until(() => host.waiting.length > 0);
    await setTimeout(100);
    const held = host.connection?.socket.readableLength ?? Infinity;
    assert.ok(held < 256 * 1024, `${held} of ${requests.length} bytes`);
  });

  it('is given up with the answer under way while the server drains', async () => {
    await caller.send(`${head}aaaa${head}bbbb`);
    host.isDraining = true;
    await answerNext();
    await caller.closed;
    assert.match(caller.text, /\r\nConnection: close\r\n\r\naaaa$/);
    await until(() => host.open === 0);
  });

  it('is given over as it is once anything else comes, after what came before is answered', async () => {
    await caller.send(`${head}aaaaGET / HTTP/1.1\r\n`);
    await answerNext();
    await until(() => host.handedOver.length > 0);
    assert.deepEqual(host.handedOver, ['GET / HTTP/1.1\r\n']);
    assert.match(caller.text, /aaaa$/);
    assert.equal(host.connection, undefined);
  });

  it('is given over once a head comes in many pieces, whole', async () => {
    for (const byte of head.slice(0, 9)) {
      await caller.send(byte);
      await setTimeout(5);
    }
    await until(() => host.handedOver.length > 0);
    assert.equal(host.handedOver.join(''), head.slice(0, 9));
  });

  it('marks a request as left when its caller goes, and never answers it', async () => {
    await caller.send(`${head}aaaa`);
    await until(() => host.waiting.length > 0);
    caller.leave();
    // One that half-closes and one that left are told apart by the second interim answer.
    await until(() => host.open === 0);
    host.waiting.shift()?.();
    assert.equal(host.connection, undefined);
  });

  describe('in time', () => {
    it('tells a caller that sends nothing, after 20 s', async () => {
      at(19);
      assert.notEqual(host.connection, undefined);
      at(20);
      await caller.closed;
      assert.match(caller.text, /^HTTP\/1\.1 408 Request Timeout\r\n.*"REQUEST_TIMEOUT"\}$/s);
    });

    it('tells a caller that sends its head byte by byte, 20 s after the first', async () => {
      at(10);
      await caller.send('POST /v2');
      await setTimeout(10);
      at(29);
      await caller.send('/models/');
      await setTimeout(10);
      at(30);
      await caller.closed;
      assert.match(caller.text, /^HTTP\/1\.1 408 /);
    });

    it('tells a caller that does not send its body, after 120 s', async () => {
      await caller.send(`${head}bo`);
      await until(() => host.open === 1);
      at(119);
      assert.equal(caller.text, '');
      at(120);
      await caller.closed;
      assert.match(caller.text, /^HTTP\/1\.1 408 /);
      await until(() => host.open === 0);
      assert.deepEqual(
        host.failures.map(({ code }) => code),
        ['BODY_TRUNCATED'],
      );
    });

    it('closes a connection that is idle, after 75 s, without a word', async () => {
      await caller.send(`${head}body`);
      await answerNext();
      await until(() => caller.text.endsWith('body') && host.open === 0);
      const { length } = caller.text;
      at(74);
      assert.notEqual(host.connection, undefined);
      at(75);
      await caller.closed;
      assert.equal(caller.text.length, length);
    });

    it('never ends a request that is being answered', async () => {
      await caller.send(`${head}body`);
      await until(() => host.waiting.length > 0);
      at(10_000);
      await answerNext();
      await until(() => caller.text.endsWith('body'));
    });
  });
});
