import { setTimeout } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { neighbourModel } from '../support/neighbour';
import { crowd } from './crowd';
import { Raw } from './raw';
import type { Attack } from './target';

const inferPath = `/v2/models/${neighbourModel.name}/infer`;
const mebibyte = 2 ** 20;

/** Heads and bodies that come a byte at a time, and never to an end. */
export const slowSenders: Attack = async (target) => {
  const timers: NodeJS.Timeout[] = [];
  await crowd(target, { size: 200, millis: 1000, what: 'a slow sender' }, (raw, i) => {
    const start = i % 2 === 0 ? 'POST /v2/mod' : `${headOf(1000)}{`;
    raw.send(start);
    timers.push(
      setInterval(() => {
        raw.send('a');
      }, 50),
    );
  });
  for (const timer of timers) clearInterval(timer);
};

/** Many bodies that are announced as large as can be, of which little comes. */
export const announcedBodies: Attack = async (target) => {
  const { maxRequestBytes } = target;
  await crowd(target, { size: 200, millis: 500, what: 'an announced body' }, (raw) => {
    raw.send(binaryHead(maxRequestBytes));
    raw.send(Buffer.alloc(1000));
  });
};

/** Many bodies that do come, all but the last byte. */
export const heldBodies: Attack = async (target) => {
  const size = target.maxRequestBytes - 1;
  const body = Buffer.alloc(size, 1);
  await crowd(target, { size: 60, millis: 1500, what: 'a body that is held' }, (raw) => {
    raw.send(binaryHead(size + 1));
    raw.send(body);
  });
};

/** Ten gigabytes are announced, and as much is sent as is taken. */
export const endlessBodies: Attack = async (target) => {
  const piece = Buffer.alloc(mebibyte);
  await crowd(target, { size: 8, millis: 1000, what: 'a body of 10 GB' }, (raw, i) => {
    raw.send(
      i % 2 === 0
        ? headOf(10 * 1024 ** 3)
        : `POST ${inferPath} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${(10 * 1024 ** 3).toString(16)}\r\n`,
    );
    const pour = (): void => {
      if (!raw.isClosed && raw.socket.writable) raw.socket.write(piece, pour);
    };
    pour();
  });
};

/** A few kilobytes that unpack to a gigabyte, and some that unpack to just what is allowed. */
export const zipBombs: Attack = async (target) => {
  const bomb = await gigabyteOfZeros();
  const allowed = gzipSync(Buffer.alloc(target.maxRequestBytes - 1));
  await crowd(target, { size: 24, millis: 1500, what: 'a zip bomb' }, (raw, i) => {
    const body = i % 2 === 0 ? bomb : allowed;
    raw.send(headOf(body.length, 'content-encoding: gzip\r\n'));
    raw.send(body);
  });
};

/** Headers without end: in one line, in many, in many small pieces. */
export const headerFloods: Attack = async (target) => {
  await crowd(target, { size: 30, millis: 500, what: 'a flood of headers' }, (raw, i) => {
    raw.send(`GET /v2 HTTP/1.1\r\nHost: x\r\n`);
    if (i % 3 === 0) raw.send(`a: ${'b'.repeat(mebibyte)}`);
    else for (let n = 0; n < 5000; n++) raw.send(i % 3 === 1 ? `a${n}: b\r\n` : 'c');
  });
};

/** Asks for large answers, many in a pipeline, and reads none of them. */
export const slowReaders: Attack = async (target) => {
  const values = 40_000;
  const json = JSON.stringify({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [values], data: Array(values).fill(0.125) }],
  });
  const asked = `${headOf(json.length)}${json}`;
  await crowd(target, { size: 40, millis: 1500, what: 'a reader that does not read' }, (raw) => {
    raw.socket.pause();
    for (let n = 0; n < 20; n++) raw.send(asked);
  });
};

/** Ends its side at once, with a request half sent, or with several. */
export const halfClosed: Attack = async (target) => {
  await crowd(target, { size: 100, millis: 300, what: 'a half-closed connection' }, (raw, i) => {
    raw.send(i % 2 === 0 ? `${headOf(100)}{"inp` : `GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(3));
    raw.socket.end();
  });
};

/** More connections than are accepted, which say nothing. */
export const idleConnections: Attack = async (target) => {
  const all = Array.from(
    { length: 2500 },
    (_, i) => new Raw(i % 2 === 0 ? target.httpPort : target.grpcPort),
  );
  await setTimeout(1000);
  for (const raw of all) raw.destroy();
};

async function gigabyteOfZeros(): Promise<Buffer> {
  if (packedGigabyte !== undefined) return packedGigabyte;
  const gzip = createGzip({ level: 9 });
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const zeros = Buffer.alloc(mebibyte);
  for (let n = 0; n < 1024; n++) {
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  await new Promise<void>((resolve) => gzip.end(resolve));
  return (packedGigabyte = Buffer.concat(chunks));
}
let packedGigabyte: Buffer | undefined;

function headOf(length: number, more = ''): string {
  return `POST ${inferPath} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: ${length}\r\n\r\n`;
}

function binaryHead(length: number): string {
  return headOf(length, 'Inference-Header-Content-Length: 100\r\n');
}
