import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Http2Connection } from '@manara/runtime/build/src/http2/connection';
import { encodeFields } from '@manara/runtime/build/src/http2/hpack/encode';
import type { Http2Stream, StreamReader } from '@manara/runtime/build/src/http2/stream';
import { bedBinaries } from '../bed/binaries';
import { ModelServer } from '../support/model-server';

interface Verdict {
  readonly asked: number;
  readonly failed: readonly string[];
}

/** Answers whatever is asked, with a body, which some of the cases wait for. */
class Greeter implements StreamReader {
  constructor(private readonly stream: Http2Stream) {}

  data(bytes: Buffer): void {
    this.stream.taken(bytes.length);
  }

  end(): void {
    const head = encodeFields([[':status', '200']]);
    this.stream.answer(head, Buffer.from('hello'), encodeFields([['x-trailer', '1']]));
  }

  drained(): void {
    // Written at once.
  }

  closed(): void {
    // Keeps nothing.
  }
}

/** h2spec 2.2.1 asks what RFC 7540 and RFC 7541 demand, byte by byte. */
describe('h2spec', function () {
  this.timeout(120_000);
  let h2spec: string;

  before(function () {
    this.timeout(0);
    const binaries = bedBinaries('h2spec');
    if (binaries === undefined) return this.skip();
    h2spec = binaries.h2spec;
  });

  async function judge(port: number): Promise<Verdict> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-h2spec-'));
    const report = join(folder, 'report.xml');
    try {
      // Exits with 1 where a case fails, which the report says better.
      const args = ['--strict', '--port', String(port), '--path', '/a.Service/Method'];
      await promisify(execFile)(h2spec, [...args, '--junit-report', report]).catch(() => undefined);
      const cases = readFileSync(report, 'utf8').split('<testcase ').slice(1);
      return {
        asked: cases.filter((text) => !text.includes('<skipped')).length,
        failed: cases
          .filter((text) => /<(error|failure)>/.test(text))
          .map(
            (text) => /package="([^"]*)" classname="([^"]*)"/.exec(text)?.slice(1).join(': ') ?? '',
          ),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('finds no fault in our own HTTP/2', async () => {
    const host = {
      now: 0,
      open: (stream: Http2Stream) => new Greeter(stream),
      forget: () => undefined,
    };
    const listener = createServer((socket) => new Http2Connection(socket, host));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    try {
      const { asked, failed } = await judge((listener.address() as AddressInfo).port);
      assert.deepEqual(failed, []);
      assert.ok(asked > 140, `${asked} cases`);
    } finally {
      listener.close();
    }
  });

  it('finds none in the server but that its answers to what is not gRPC have no body', async () => {
    const server = await ModelServer.start();
    try {
      const { asked, failed } = await judge(Number(server.grpc.split(':')[1]));
      assert.deepEqual(failed, [
        'generic/2: Sends a WINDOW_UPDATE frame on half-closed (remote) stream',
        'generic/2: Sends a PRIORITY frame on half-closed (remote) stream',
      ]);
      assert.ok(asked > 140, `${asked} cases`);
    } finally {
      assert.equal(await server.stop(), 0);
    }
  });
});
