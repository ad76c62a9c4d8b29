import assert from 'node:assert/strict';
import type { PlainHead } from '../../../src/http/plain/head';
import { HeaderFields } from '../../../src/http/plain/header-fields';
import { IncomingBody } from '../../../src/http/plain/incoming-body';

function body(bodyLength: number, jsonLength?: number): IncomingBody {
  const fields = new HeaderFields('', []);
  const head: PlainHead = {
    model: 'm',
    version: undefined,
    fields,
    length: 0,
    bodyLength,
    jsonLength,
  };
  return new IncomingBody(head);
}

/** Memory that belongs to one chunk, as the system hands it out. */
function chunkOf(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(new Uint8Array(Buffer.from(text)).buffer);
}

const textOf = ({ whole }: IncomingBody): string | undefined => whole?.toString();

describe('the body of a plain request', () => {
  it('is gathered from its chunks, and leaves what follows', () => {
    const gathered = body(6);
    assert.equal(gathered.add(chunkOf('headab'), 4), 6);
    assert.equal(textOf(gathered), undefined);
    assert.equal(gathered.add(chunkOf('cd'), 0), 2);
    assert.equal(gathered.add(chunkOf('efnext'), 0), 2);
    assert.equal(textOf(gathered), 'abcdef');
  });

  it('is used where it came if it is JSON', () => {
    const chunk = chunkOf('headabcdnext');
    const inPlace = body(4);
    assert.equal(inPlace.add(chunk, 4), 8);
    assert.equal(inPlace.whole?.buffer, chunk.buffer);
  });

  it('is used where it came if tensors may follow and the memory is its own', () => {
    const chunk = chunkOf('headabcd');
    const inPlace = body(4, 2);
    inPlace.add(chunk, 4);
    const { whole } = inPlace;
    assert.ok(whole !== undefined);
    assert.equal(whole.buffer, chunk.buffer);
    assert.equal(whole.toString(), 'abcd');
  });

  it('is copied if tensors may follow and another request has a part in the memory', () => {
    const pooled = Buffer.from(chunkOf('....headabcd').buffer, 4);
    for (const [chunk, from] of [
      [chunkOf('headabcdnext'), 4],
      [pooled, 4],
    ] as const) {
      const copied = body(4, 2);
      assert.equal(copied.add(chunk, from), 8);
      const { whole } = copied;
      assert.ok(whole !== undefined && whole.buffer !== chunk.buffer);
      assert.equal(whole.toString(), 'abcd');
      assert.equal((whole.byteOffset + 2) % 8, 0, 'tensors are aligned');
    }
  });
});
