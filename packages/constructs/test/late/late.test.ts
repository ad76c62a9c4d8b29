import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { late } from '../../src';
import { derive, fillLate, hasLate, lateWriter, splitLate } from '../../src/late/late';
import { refuses } from '../support/errors';
import { packageFolder } from '../support/folders';

describe('late', () => {
  it('gives a marker that names the value', () => {
    assert.equal(late('bucket-uri'), '${late:bucket-uri}');
  });

  it('gives the same marker for the same name and source', () => {
    const source = {};
    assert.equal(late('same', source), late('same', source));
  });

  it('tells two sources of one name apart', () => {
    const [first, second] = [{ n: 1 }, { n: 2 }];
    const text = `${late('twofold', first)} ${late('twofold', second)}`;
    assert.equal(text, '${late:twofold} ${late:twofold~2}');
    assert.deepEqual(splitLate(text), [
      { name: 'twofold', source: first },
      ' ',
      { name: 'twofold', source: second },
    ]);
  });

  for (const name of ['', '1st', 'a b', 'a}b', 'ä', '-a']) {
    it(`refuses the name "${name}"`, () => {
      refuses(() => late(name), 'MANARA_LATE', `received "${name}"`, 'expected a letter');
    });
  }

  it('survives concatenation and JSON', () => {
    const source = {};
    const marker = late('account', source);
    const inJson = JSON.stringify({ role: `arn:aws:iam::${marker}:role/reader` });
    assert.deepEqual(splitLate(inJson), [
      '{"role":"arn:aws:iam::',
      { name: 'account', source },
      ':role/reader"}',
    ]);
  });

  it('is read by a second copy of the package', () => {
    const source = {};
    const marker = late('from-the-first-copy', source);
    const other = secondCopy();
    assert.notEqual(other.splitLate, splitLate);
    assert.deepEqual(other.splitLate(marker), [{ name: 'from-the-first-copy', source }]);
    assert.equal(other.late('from-the-first-copy', source), marker);
  });
});

describe('splitLate', () => {
  it('leaves text without a marker whole', () => {
    assert.deepEqual(splitLate('plain ${HOME} $(VAR)'), ['plain ${HOME} $(VAR)']);
    assert.deepEqual(splitLate(''), []);
  });

  it('refuses a marker that late() never made', () => {
    refuses(() => splitLate('s3://${late:forged}'), 'MANARA_LATE', '"${late:forged}"', 'late()');
  });
});

describe('derive', () => {
  it('computes at once from text without a late value', () => {
    assert.equal(
      derive('upper', 'abc', (s) => s.toUpperCase()),
      'ABC',
    );
  });

  it('computes once the values are filled in', () => {
    const marker = derive('length', `arn:${late('id')}`, (s) => String(s.length));
    assert(hasLate(marker));
    assert.equal(fillLate(`n=${marker}`, { id: '12345' }, new Set()), 'n=9');
  });

  it('keeps two texts of one name apart', () => {
    const [a, b] = ['x', 'yy'].map((prefix) =>
      derive('size', prefix + late('id'), (s) => String(s.length)),
    );
    assert.equal(fillLate(`${a} ${b}`, { id: '' }, new Set()), '1 2');
  });
});

describe('fillLate', () => {
  it('collects every name that has no value, those inside derived text too', () => {
    const missing = new Set<string>();
    const derived = derive('digest', late('b'), (s) => s);
    fillLate(`${late('a')}${derived}${late('c')}`, { c: 'C' }, missing);
    assert.deepEqual([...missing].sort(), ['a', 'b']);
  });

  it('does not take a property of every object for a value', () => {
    const missing = new Set<string>();
    assert.equal(fillLate(late('toString'), {}, missing), '');
    assert.deepEqual([...missing], ['toString']);
  });

  it('takes an empty text for a value', () => {
    const missing = new Set<string>();
    assert.equal(fillLate(`a${late('nothing')}b`, { nothing: '' }, missing), 'ab');
    assert.equal(missing.size, 0);
  });

  it('cannot break out of a JSON string', () => {
    const text = JSON.stringify({ uri: `https://${late('host')}/x` });
    const host = 'a"b\\c\nd';
    assert.deepEqual(JSON.parse(fillLate(text, { host }, new Set())), { uri: `https://${host}/x` });
  });
});

describe('lateWriter', () => {
  it('writes a value as it is where the text is no JSON', () => {
    assert.equal(lateWriter('arn:${late:x}')('a"b'), 'a"b');
    assert.equal(lateWriter('[section]\nkey=${late:x}')('a"b'), 'a"b');
  });

  it('writes a number into JSON that is JSON only once it is filled', () => {
    assert.equal(fillLate(`{"replicas": ${late('n')}}`, { n: '3' }, new Set()), '{"replicas": 3}');
  });
});

/** The package once more, as a second copy in a project's node_modules would be loaded. */
function secondCopy(): { readonly late: typeof late; readonly splitLate: typeof splitLate } {
  const own = Object.keys(require.cache).filter((path) => path.startsWith(packageFolder));
  const kept = own.map((path) => [path, require.cache[path]] as const);
  for (const path of own) Reflect.deleteProperty(require.cache, path);
  const copy = createRequire(__filename)('../../src/late/late') as ReturnType<typeof secondCopy>;
  for (const [path, module] of kept) require.cache[path] = module;
  return copy;
}
