import assert from 'node:assert/strict';
import { HpackDecoder } from '../../src/http2/hpack/decoder';
import { encodeFields } from '../../src/http2/hpack/encode';
import { decodeHuffman } from '../../src/http2/hpack/huffman';
import { type Field, staticTable } from '../../src/http2/hpack/static-table';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** All 256 bytes, as the encoder of Python's hpack 4.1 writes them. */
const allBytes = Buffer.from(
  '/8f//Y///+L///4////k///+X///5v///n///+j//+r////z///6f///q////9///+v///7P///t///+7///7////w////H///8v////v///z////T///9f///2////f///+P///5////r///+1P4/n/r/yr8f6/r+/n/f0suwAImWm3HXn7n3//IP+/8/9Q3b1/BhxY8mXNn0adWvZt3b+HHl+c/3/3//w/+f/kX/9HGSQss05unWimo9faxCbe/jz69//7/n/7/9////z//m//9L//n//6P//T//9T//1f//s//+t//9r//7f//3P//u///e///r//+////Z///b//6///4P//7v//w///i///H//+T//uf/+x//+X//2f//zf//n///v//9r//u//9P//t//+5//+j//9P//e///V//7v//vf//4f/9///3///1///s//8H//h//+D//xf//t//+H//93//7//+r//4v//j//+T//+H//y///N///H///g///4f/+v//j//8///8v//o///2f//8X///H///yf//97///v///8v//+P//+3//l//4///+b///wf//+H///n///8X//+X//k//8v///R///0////7///4////J///5f/+z///P//t//83//0//+f//0f//z//+r//6///93//+////T///X///q///p///1///+b///s///7f///P///6P///T///6v///X////3///s///9v///u///9////w///7vw==',
  'base64',
);

const request: readonly Field[] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'www.example.com'],
];
const secondRequest: readonly Field[] = [...request, ['cache-control', 'no-cache']];
const thirdRequest: readonly Field[] = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/index.html'],
  [':authority', 'www.example.com'],
  ['custom-key', 'custom-value'],
];

describe('HPACK', () => {
  it('knows 61 fields by number', () => {
    assert.equal(staticTable.length, 61);
    assert.deepEqual(staticTable[60], ['www-authenticate', '']);
    assert.deepEqual(staticTable[30], ['content-type', '']);
  });

  it('reads the requests of RFC 7541, C.3, each with what the ones before left', () => {
    const decoder = new HpackDecoder();
    const blocks = [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ];
    const read = blocks.map((block) => decoder.decode(hex(block)));
    assert.deepEqual(read, [request, secondRequest, thirdRequest]);
  });

  it('reads them packed, C.4', () => {
    const decoder = new HpackDecoder();
    const blocks = [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ];
    const read = blocks.map((block) => decoder.decode(hex(block)));
    assert.deepEqual(read, [request, secondRequest, thirdRequest]);
  });

  it('forgets the oldest where a table is full, C.5', () => {
    const decoder = new HpackDecoder();
    // A table of 256 bytes, which is said first.
    const first = decoder.decode(
      hex(`3fe101 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230
        3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70
        6c65 2e63 6f6d`),
    );
    assert.deepEqual(first, [
      [':status', '302'],
      ['cache-control', 'private'],
      ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
      ['location', 'https://www.example.com'],
    ]);
    // ':status 302' makes room for ':status 307'.
    assert.deepEqual(decoder.decode(hex('4803 3330 37c1 c0bf')), [
      [':status', '307'],
      ['cache-control', 'private'],
      ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
      ['location', 'https://www.example.com'],
    ]);
    assert.throws(() => decoder.decode(hex('c2')), /there is no field 66/);
  });

  it('takes a field that is larger than the table, and keeps none', () => {
    const decoder = new HpackDecoder();
    const large: Field = ['x', 'y'.repeat(5000)];
    const literal = encodeFields([large]);
    literal[0] = 0x40;
    assert.deepEqual(decoder.decode(literal), [large]);
    assert.throws(() => decoder.decode(hex('be')), /there is no field 62/);
  });

  it('unpacks every byte', () => {
    const to = Buffer.alloc(Math.ceil((allBytes.length * 8) / 5));
    const length = decodeHuffman(allBytes, to);
    assert.deepEqual([...to.subarray(0, length)], [...Array(256).keys()]);
  });

  const faults: Readonly<Record<string, readonly [block: string, fault: RegExp]>> = {
    'field 0': ['80', /there is no field 0/],
    'a field that nobody said': ['be', /there is no field 62/],
    'a name that nobody said': ['7f00 0161', /there is no field 63/],
    'a number without end': ['ff ffff ffff ff7f', /a number that is too large/],
    'a number that is cut off': ['ff', /a head that does not end/],
    'a text that is cut off': ['4005 6162', /a text that does not end/],
    'no text at all': ['40', /a head that does not end/],
    'a table that changes within a head': ['8220', /changes within a head/],
    'a table that is too large': ['3fe2 1f', /larger than was agreed on/],
    'the end of a text within it': ['4084 ffff ffff 0161', /a Huffman code that is none/],
    'a last byte that is filled up with zeros': ['4081 00 0161', /a Huffman code that is none/],
    'a whole byte that fills up': ['4082 1fff 0161', /a Huffman code that is none/],
  };
  for (const [what, [block, fault]] of Object.entries(faults)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => new HpackDecoder().decode(hex(block)), fault);
    });
  }

  it('writes what it reads', () => {
    const fields: readonly Field[] = [
      [':status', '200'],
      [':status', '415'],
      ['content-type', 'application/grpc+proto'],
      ['grpc-status', '0'],
      ['x-long', 'ä'.repeat(300)],
      ['x-empty', ''],
    ];
    assert.deepEqual(new HpackDecoder().decode(encodeFields(fields)), fields);
  });
});
