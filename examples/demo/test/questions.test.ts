import assert from 'node:assert/strict';
import { documentReader, fraud } from '@manara/example-models';
import { fraudQuestion, ibanQuestion } from '../src/questions';

describe('fraudQuestion', () => {
  const question = fraudQuestion(2, 'clonedCard');
  const [legitimate, fraudulent] = fraud.expected.payments.clonedCard.probabilities[2];

  it('asks about the payment', () => {
    assert.equal(question.model, 'fraud');
    assert.equal(question.version, 2);
    assert.deepEqual(question.input.shape, [1, 20]);
    assert.deepEqual(question.input.data, fraud.encode([fraud.payments.clonedCard]));
  });

  it('takes the answer that is known', () => {
    const data = Float32Array.of(legitimate, fraudulent);
    assert.equal(question.check({ shape: [1, 2], data }), 'clonedCard: 66 % fraud');
  });

  it('refuses any other, one that is not a number and none at all', () => {
    for (const data of [
      Float32Array.of(fraudulent, legitimate),
      Float32Array.of(legitimate, fraudulent + 1e-5),
      Float32Array.of(0, NaN),
      new Float32Array(),
    ]) {
      assert.throws(
        () => question.check({ shape: [1, 2], data }),
        /^Error: expected 0\.6\d+ for clonedCard, received /,
      );
    }
  });
});

describe('ibanQuestion', () => {
  it('refuses an answer that reads as something else', () => {
    const classes = documentReader.charset().length;
    const blank = new Float32Array(classes);
    blank[0] = 1;
    assert.throws(() => ibanQuestion().check({ shape: [1, 1, classes], data: blank }), {
      message: `expected the IBAN ${documentReader.samples.iban.text}, received ""`,
    });
  });
});
