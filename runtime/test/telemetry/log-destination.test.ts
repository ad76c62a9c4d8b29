import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LogDestination } from '../../src/telemetry/log-destination';
import { TemporaryRepository } from '../support/temporary';

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

describe('LogDestination', () => {
  let folder: TemporaryRepository;
  let pipe: string;
  let reader: number;
  let writer: number;

  const create = (): LogDestination =>
    new LogDestination(writer, (dropped) => `${dropped} dropped\n`, 100);

  /** Reads a given number of bytes, as they come. */
  async function read(length: number): Promise<string> {
    let text = '';
    while (text.length < length) {
      const chunk = Buffer.alloc(length - text.length);
      try {
        text += chunk.toString('utf8', 0, readSync(reader, chunk));
      } catch {
        await setTimeout(5);
      }
    }
    return text;
  }

  beforeEach(() => {
    folder = new TemporaryRepository();
    pipe = join(folder.folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    reader = openSync(pipe, O_RDONLY | O_NONBLOCK);
    writer = openSync(pipe, O_WRONLY | O_NONBLOCK);
  });
  afterEach(() => {
    closeSync(reader);
    closeSync(writer);
    folder.remove();
  });

  it('writes lines in their order', async () => {
    const destination = create();
    for (const line of ['one\n', 'two\n', 'three\n']) destination.write(line);
    assert.equal(await read(14), 'one\ntwo\nthree\n');
  });

  it('drops what a reader that stopped leaves no room for, and says how much', async () => {
    const filler = Buffer.alloc(1024);
    let filled = 0;
    try {
      for (;;) filled += writeSync(writer, filler);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
    }
    const destination = create();
    // One is being written, ten of ten characters may wait.
    const lines = Array.from({ length: 16 }, (_, i) => `line ${String(i).padStart(4, '0')}\n`);
    for (const line of lines) destination.write(line);
    await setTimeout(100);
    await read(filled);
    const expected = [lines[0], '5 dropped\n', ...lines.slice(1, 11)].join('');
    assert.equal(await read(expected.length), expected);
    destination.write('after\n');
    assert.equal(await read(6), 'after\n');
  });

  it('says of each line that must not be lost whether it was written, and drops none', async () => {
    const filler = Buffer.alloc(1024);
    let filled = 0;
    try {
      for (;;) filled += writeSync(writer, filler);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'EAGAIN');
    }
    const destination = create();
    const line = 'line 0000\n';
    // One is being written; ten may wait, then ten more of those that must not be lost.
    for (let i = 0; i < 11; i++) destination.write(line);
    const delivered = Array.from({ length: 10 }, () => destination.deliver(line));
    await assert.rejects(destination.deliver(line), /too much waits to be written already/);
    let written = 0;
    for (const one of delivered) void one.then(() => written++);
    await setTimeout(60);
    assert.equal(written, 0);
    await read(filled);
    assert.equal(await read(210), line.repeat(21));
    await Promise.all(delivered);
    closeSync(reader);
    await assert.rejects(destination.deliver(line), { code: 'EPIPE' });
    reader = openSync(pipe, O_RDONLY | O_NONBLOCK);
    await destination.deliver('after\n');
    assert.equal(await read(6), 'after\n');
  });

  it('lives with a reader that is gone, and writes again once there is one', async () => {
    const destination = create();
    closeSync(reader);
    for (const line of ['one\n', 'two\n', 'three\n']) {
      destination.write(line);
      await setTimeout(20);
    }
    reader = openSync(pipe, O_RDONLY | O_NONBLOCK);
    destination.write('four\n');
    assert.equal(await read(15), '3 dropped\nfour\n');
  });
});
