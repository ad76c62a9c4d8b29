import assert from 'node:assert/strict';
import { HeadDecoder } from '../../src/http2/heads';
import { encodeFields } from '../../src/http2/hpack/encode';
import type { Field } from '../../src/http2/hpack/static-table';

const request = (path: string): readonly Field[] => [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', path],
];
/** What is said once, and referred to as field 62 from then on. */
const remembered = Buffer.from([0x40, 1, 0x61, 1, 0x31]);
const other = Buffer.from([0x40, 1, 0x61, 1, 0x32]);
const byNumber = Buffer.from([0x80 | 62]);

describe('HeadDecoder', () => {
  it('decodes the same bytes once', () => {
    const decoder = new HeadDecoder();
    const first = decoder.decode(encodeFields(request('/a')));
    assert.equal(decoder.decode(encodeFields(request('/a'))), first);
    assert.deepEqual(first.fields, request('/a'));
    assert.equal(first.request, first.request);
    assert.deepEqual(decoder.decode(encodeFields(request('/b'))).fields, request('/b'));
    assert.deepEqual(decoder.decode(encodeFields(request('/a'))).fields, request('/a'));
  });

  it('does not hold on to memory that is used again', () => {
    const decoder = new HeadDecoder();
    const memory = encodeFields(request('/a'));
    decoder.decode(memory);
    memory.set(encodeFields(request('/b')));
    assert.deepEqual(decoder.decode(memory).fields, request('/b'));
  });

  it('reads the same bytes anew where the table says something else meanwhile', () => {
    const decoder = new HeadDecoder();
    decoder.decode(remembered);
    assert.deepEqual(decoder.decode(byNumber).fields, [['a', '1']]);
    decoder.decode(other);
    assert.deepEqual(decoder.decode(byNumber).fields, [['a', '2']]);
  });

  it('adds to the table as often as it is told to', () => {
    const decoder = new HeadDecoder();
    decoder.decode(remembered);
    decoder.decode(remembered);
    assert.deepEqual(decoder.decode(Buffer.from([0x80 | 63])).fields, [['a', '1']]);
  });

  it('does not hold on to a head of more than 4 KiB', () => {
    const decoder = new HeadDecoder();
    const long = encodeFields(request(`/${'a'.repeat(4096)}`));
    assert.notEqual(decoder.decode(long), decoder.decode(long));
  });
});
