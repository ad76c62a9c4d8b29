import assert from 'node:assert/strict';
import { DataClass, Jurisdiction } from '../src';

describe('Jurisdiction', () => {
  it('is one of three, found by id', () => {
    assert.deepEqual(
      Jurisdiction.all.map((j) => j.id),
      ['AE-onshore', 'DIFC', 'ADGM'],
    );
    for (const jurisdiction of Jurisdiction.all) {
      assert.equal(Jurisdiction.of(jurisdiction.id), jurisdiction);
      assert.equal(String(jurisdiction), jurisdiction.id);
    }
  });

  it('refuses another id', () => {
    assert.throws(() => Jurisdiction.of('AE'), {
      name: 'ResidencyError',
      code: 'unknown-jurisdiction',
      message: 'jurisdiction: expected one of AE-onshore, DIFC, ADGM, received "AE"',
    });
  });
});

describe('DataClass', () => {
  it('is one of five, found by id', () => {
    assert.deepEqual(
      DataClass.all.map((c) => c.id),
      ['personal', 'health', 'financial', 'government', 'public'],
    );
    for (const dataClass of DataClass.all) {
      assert.equal(DataClass.of(dataClass.id), dataClass);
      assert.equal(String(dataClass), dataClass.id);
    }
  });

  it('refuses another id', () => {
    assert.throws(() => DataClass.of('secret'), {
      name: 'ResidencyError',
      code: 'unknown-data-class',
      message:
        'data class: expected one of personal, health, financial, government, public, received "secret"',
    });
  });
});
