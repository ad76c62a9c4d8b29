import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseServerConfig } from '@manara/contract';
import { maxPieces } from '../../../src/http/plain/connection';
import { maxPlainBytes } from '../../../src/http/plain/front-end';
import { maxFields, maxHeadBytes, maxSegment, unusual } from '../../../src/http/plain/head';
import { timeouts } from '../../../src/http/timeouts';

const page = readFileSync(
  join(__dirname, '..', '..', '..', '..', '..', 'docs', 'http-parser.md'),
  'utf8',
);

describe('docs/http-parser.md', () => {
  it('has a configuration that is valid', () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    assert.equal(parseServerConfig(JSON.parse(json)).httpParser, 'node');
  });

  it('has the limits of the source', () => {
    for (const fact of [
      `at most ${maxHeadBytes} bytes of headers in at most ${maxFields} fields`,
      `at most ${maxSegment} of them each`,
      `from 1 to ${maxPlainBytes} `,
      `more than ${maxPieces} pieces`,
      `Headers have ${timeouts.headersTimeout / 1000} s, a body ${timeouts.requestTimeout / 1000} s, an idle connection ${timeouts.keepAliveTimeout / 1000} s`,
    ]) {
      assert.ok(page.includes(fact), fact);
    }
  });

  it('lists the headers that are not plain', () => {
    const [, listed = ''] = /^- no (`Transfer.*?);/m.exec(page) ?? [];
    const names = [...listed.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name.toLowerCase());
    assert.deepEqual(names.sort(), [...unusual].sort());
  });
});
