import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { InferenceSession } from 'onnxruntime-node';
import { packageFile } from '../src/files';
import { fraud } from '../src';
import { declared, float32, floats, openSession } from './session';

const names = ['groceries', 'hotelAbroad', 'stolenNumber', 'clonedCard'] as const;
const tolerance = 1e-6;

describe('fraud: payments', () => {
  it('names four payments', () => {
    assert.deepEqual(Object.keys(fraud.payments), names);
    assert.deepEqual(Object.keys(fraud.expected.payments), names);
  });

  it('encodes the features that the model learned from, in their order', () => {
    assert.deepEqual(fraud.features, fraud.expected.features);
    for (const name of names) {
      const row = Float32Array.from(fraud.expected.payments[name].features);
      assert.deepEqual(fraud.encode([fraud.payments[name]]), row, name);
    }
  });

  it('encodes several payments row after row', () => {
    const both = fraud.encode([fraud.payments.groceries, fraud.payments.clonedCard]);
    assert.equal(both.length, 40);
    assert.deepEqual(both.subarray(20), fraud.encode([fraud.payments.clonedCard]));
    assert.equal(fraud.encode([]).length, 0);
  });

  it('takes the hour and the weekend in the UAE, wherever the time was written', () => {
    const at = (text: string) =>
      Array.from(fraud.encode([{ ...fraud.payments.groceries, at: text }]).subarray(2, 5));
    // Friday 22:00 in London is Saturday 02:00 in Dubai.
    assert.deepEqual(at('2026-11-20T22:00:00Z'), at('2026-11-21T02:00:00+04:00'));
    assert.equal(at('2026-11-20T22:00:00Z')[2], 1);
    assert.equal(at('2026-11-20T19:59:00Z')[2], 0);
    assert.equal(at('2026-11-22T19:59:00Z')[2], 1);
    assert.equal(at('2026-11-22T20:00:00Z')[2], 0);
  });

  it('reads the probability of fraud from the second column', () => {
    assert.deepEqual(fraud.fraudProbabilities([0.9, 0.1, 0.25, 0.75]), [0.1, 0.75]);
  });
});

for (const version of fraud.versions) {
  describe(`fraud: version ${version}`, () => {
    const file = fraud.versionFile(version);
    let session: InferenceSession;

    before(async () => {
      session = await openSession(file);
    });

    after(() => session.release());

    /** Runs some encoded payments; each row of the answer is [not fraud, fraud]. */
    async function infer(rows: readonly (readonly number[])[]) {
      const features = float32(Float32Array.from(rows.flat()), [rows.length, 20]);
      const { label, probabilities } = await session.run({ features });
      assert.ok(label !== undefined && probabilities !== undefined);
      return { label, probabilities };
    }

    it('declares the signature that both versions share', () => {
      assert.deepEqual(declared(session.inputMetadata), [['features', 'float32', ['batch', 20]]]);
      assert.deepEqual(declared(session.outputMetadata), [
        ['label', 'int64', ['batch']],
        ['probabilities', 'float32', ['batch', 2]],
      ]);
    });

    for (const batch of [1, 3, 32]) {
      it(`answers what scikit-learn answers, in the declared shapes, at batch ${batch}`, async () => {
        const rows = fraud.expected.heldOut.features.slice(0, batch);
        const { label, probabilities } = await infer(rows);
        assert.deepEqual(label.dims, [batch]);
        assert.deepEqual(probabilities.dims, [batch, 2]);
        const expected = fraud.expected.heldOut.probabilities[version].slice(0, batch);
        assertClose(floats(probabilities), expected.flat());
      });
    }

    for (const name of names) {
      it(`scores the payment ${name}`, async () => {
        const expected = fraud.expected.payments[name].probabilities[version];
        const { label, probabilities } = await infer([
          Array.from(fraud.encode([fraud.payments[name]])),
        ]);
        assertClose(floats(probabilities), expected);
        assert.deepEqual(label.data, BigInt64Array.of(expected[1] > 0.5 ? 1n : 0n));
      });
    }

    it('tells the ordinary payments from the fraudulent ones', () => {
      const chance = (name: fraud.PaymentName) =>
        fraud.expected.payments[name].probabilities[version][1];
      assert.ok(chance('groceries') < 0.001);
      assert.ok(chance('hotelAbroad') < 0.05);
      assert.ok(chance('stolenNumber') > 0.5);
      assert.ok(chance('clonedCard') > 0.5);
    });

    it('is the file that was trained, as expected.json and the model card record it', () => {
      const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
      const recorded = fraud.expected.versions[version];
      assert.equal(sha256, recorded.sha256);
      assert.equal(statSync(file).size, recorded.bytes);
      const card = readFileSync(packageFile('fraud', 'MODEL_CARD.md'), 'utf8');
      assert.ok(card.includes(sha256), `MODEL_CARD.md does not hold ${sha256}`);
      assert.ok(card.includes(String(recorded.auc)), `MODEL_CARD.md does not hold ${recorded.auc}`);
    });
  });
}

describe('fraud: the repository', () => {
  it("holds both versions in Triton's layout and nothing else, each below 300 kB", () => {
    const files = readdirSync(fraud.repositoryPath, { recursive: true, encoding: 'utf8' }).sort();
    assert.deepEqual(
      files.filter((file) => file.endsWith('.onnx')).map((file) => file.replaceAll('\\', '/')),
      ['fraud/1/model.onnx', 'fraud/2/model.onnx'],
    );
    assert.equal(files.length, 7);
    for (const version of fraud.versions) {
      assert.ok(statSync(fraud.versionFile(version)).size < 300_000);
    }
  });

  it('says how each version is explained: by its features, against payments it never saw', () => {
    for (const version of fraud.versions) {
      const file = packageFile('repository', 'fraud', String(version), 'explain.json');
      const explanation = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      assert.deepEqual(explanation.features, fraud.features);
      assert.deepEqual(explanation.background, { rows: fraud.expected.heldOut.features });
    }
  });

  it('has a second version that is better than the first, and none better than possible', () => {
    const { versions, bestPossibleAuc } = fraud.expected;
    assert.ok(versions[1].auc < versions[2].auc);
    assert.ok(versions[2].auc < bestPossibleAuc);
  });
});

function assertClose(actual: Float32Array, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => {
    const difference = Math.abs((actual[index] ?? NaN) - value);
    assert.ok(difference < tolerance, `value ${index}: ${actual[index] ?? NaN}, not ${value}`);
  });
}
