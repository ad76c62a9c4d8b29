import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../src';

describe('the rules', () => {
  it('have each an id of its own in kebab case, which is the name of its file and of its test', () => {
    const ids = rules.map((rule) => rule.id).toSorted();
    for (const id of ids) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    const named = (folder: string, suffix: string) =>
      readdirSync(join(__dirname, folder))
        .filter((file) => file.endsWith(suffix) && file !== 'index.js')
        .map((file) => file.slice(0, -suffix.length))
        .toSorted();
    assert.deepEqual(named('../src/rules', '.js'), ids);
    assert.deepEqual(named('rules', '.test.js'), ids);
  });

  for (const rule of rules) {
    it(`${rule.id} says what it rests on, and on nothing unverified`, () => {
      assert.notEqual(rule.title, '');
      assert.notEqual(rule.sources.length, 0);
      for (const source of rule.sources) {
        assert.notEqual(source.title.trim(), '');
        assert.notEqual(source.where.trim(), '');
        assert.doesNotMatch(source.where, /:\/\//);
        assert.notEqual(source.standing, 'unverified');
        const read = source.standing === 'declared' ? /^at each audit$/ : /^\d{4}-\d{2}(-\d{2})?$/;
        assert.match(source.read, read);
      }
    });

    it(`${rule.id} does not rest on an inference alone`, () => {
      assert.equal(
        rule.sources.some((source) => source.standing !== 'computed'),
        true,
      );
    });
  }
});
