import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readHead } from '../../../src/http/plain/head';
import { cutAt, type RawAnswer } from '../../support/raw-exchange';
import { assertAlike, BothParsers, maxRequestBytes, refusesConnection } from './parsers';
import { byteStreams } from './streams';

/** Seconds of the long form. */
const seconds = Number(process.env.MANARA_FUZZ_SECONDS ?? '2');
/** The short form tries the same bytes each time, the long one others; a failure names its seed. */
const seed = process.env.MANARA_FUZZ_SECONDS === undefined ? 20261122 : Date.now() % 2 ** 31;

/** Streams under way at once: each waits for the event loop more than it works. */
const atOnce = 8;

describe('our own parser and that of node:http', function () {
  this.timeout(seconds * 1000 + 60_000);
  const both = new BothParsers();
  before(() => both.start());
  after(() => both.stop());

  async function compare(bytes: Buffer, cuts: readonly number[]): Promise<void> {
    const [own, node] = await both.exchange(cutAt(bytes, cuts));
    const what = JSON.stringify(bytes.toString('latin1'));
    if (typeof readHead(bytes, maxRequestBytes) === 'object') {
      assertAlike(own, node, what);
      return;
    }
    // Both were node:http from the first byte on. What it says to the first request is the same, unless
    // a fault after it was quicker, or the request was refused before its body was there.
    const [ours, theirs] = [own.answers[0], node.answers[0]];
    const isOpen = [ours, theirs].some((one) => refusesConnection(one) || isRefusedByHead(one));
    if (!isOpen) assert.deepEqual(ours, theirs, what);
  }

  it('answer the same bytes alike', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(byteStreams, { minLength: atOnce, maxLength: atOnce }),
        async (streams) => {
          await Promise.all(
            streams.map(async ({ text, cuts }) => {
              await compare(Buffer.from(text, 'latin1'), cuts);
            }),
          );
        },
      ),
      { seed, numRuns: 1e9, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true },
    ));
});

function isRefusedByHead(answer: RawAnswer | undefined): boolean {
  return answer !== undefined && answer.status >= 400;
}
