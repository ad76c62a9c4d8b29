import assert from 'node:assert/strict';
import { isModelName, modelFilePath, parseModelVersion } from '../src';

describe('modelFilePath', () => {
  it('is Triton’s layout', () => {
    assert.equal(modelFilePath('fraud', 2), 'fraud/2/model.onnx');
  });
});

describe('isModelName', () => {
  const good = ['a', '7', 'fraud', 'stats2', 'Fraud_v2.1-beta', 'a'.repeat(128)];
  for (const name of good) {
    it(`accepts ${name.slice(0, 20)} (${name.length})`, () => {
      assert.equal(isModelName(name), true);
    });
  }
  const bad = [
    '',
    '.',
    '..',
    '.hidden',
    '-a',
    'a-',
    'a.',
    'a/b',
    'a\\b',
    'a b',
    'منارة',
    'a\n',
    'stats',
  ];
  for (const name of [...bad, 'a'.repeat(129)]) {
    it(`refuses ${JSON.stringify(name.slice(0, 20))} (${name.length})`, () => {
      assert.equal(isModelName(name), false);
    });
  }
});

describe('parseModelVersion', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['1', 1],
    ['42', 42],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['0', undefined],
    ['01', undefined],
    ['-1', undefined],
    ['1.0', undefined],
    ['1e3', undefined],
    [' 1', undefined],
    ['', undefined],
    ['latest', undefined],
    ['99999999999999999', undefined],
  ];
  for (const [text, expected] of rows) {
    it(`"${text}" is ${expected ?? 'no version'}`, () => {
      assert.equal(parseModelVersion(text), expected);
    });
  }
});
