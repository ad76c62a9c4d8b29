import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { leavingFields, logFields, metrics, spanAttributes, telemetryFields } from '../src';

const page = resolve(__dirname, '../../../../docs/telemetry.md');

describe('the telemetry schema', () => {
  it('tells of every attribute of spans, field of logs and label of metrics', () => {
    for (const [signal, names] of [
      ['span', Object.values(spanAttributes)],
      ['log', Object.values(logFields)],
      ['metric', Object.values(metrics).flatMap(({ labels }) => labels)],
    ] as const) {
      for (const name of names) {
        const told = telemetryFields.find((one) => one.signal === signal && one.name === name);
        assert.notEqual(told?.tells ?? '', '', `${signal} ${name}`);
      }
    }
  });

  it('has each field of a signal once', () => {
    const names = telemetryFields.map(({ signal, name }) => `${signal} ${name}`);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it('lets nothing leave that one signal keeps', () => {
    for (const name of ['caller', 'error', 'uri']) assert(!leavingFields.includes(name), name);
    for (const name of ['manara.model.name', 'status', 'reason']) {
      assert(leavingFields.includes(name), name);
    }
  });

  it('stands in docs/telemetry.md; MANARA_UPDATE_DOCS=1 writes it', () => {
    const text = readFileSync(page, 'utf8');
    const [before = '', rest = ''] = text.split('<!-- fields -->\n');
    const after = rest.slice(rest.indexOf('<!-- /fields -->'));
    const wanted = `${before}<!-- fields -->\n\n${table()}\n${after}`;
    if (process.env.MANARA_UPDATE_DOCS === '1') writeFileSync(page, wanted);
    else assert.equal(text, wanted);
  });
});

/** As prettier writes it. */
function table(): string {
  const rows = telemetryFields.map(({ signal, name, tells, leaves }) => [
    signal,
    `\`${name}\``,
    tells,
    leaves ? 'yes' : 'no',
  ]);
  const all = [['Signal', 'Name', 'Tells', 'May leave'], ...rows];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...all.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |\n`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |\n`;
  const [head = [], ...body] = all;
  return line(head) + rule + body.map(line).join('');
}
