import { readFileSync } from 'node:fs';
import { documentReader, fraud, isUaeIban } from '@manara/example-models';
import type { FloatTensor, Question } from './clients/inference';

/** A question, and how to tell that the answer is right. */
export interface CheckedQuestion extends Question {
  /**
   * The answer in words.
   *
   * @throws Error where it is not the one that is known to be right
   */
  check(answer: FloatTensor): string;
}

/** A payment to a version of the fraud model, against what scikit-learn itself answers. */
export function fraudQuestion(
  version: fraud.FraudVersion,
  name: fraud.PaymentName,
): CheckedQuestion {
  const [, expected] = fraud.expected.payments[name].probabilities[version];
  return {
    model: fraud.modelName,
    version,
    inputName: 'features',
    input: { shape: [1, fraud.features.length], data: fraud.encode([fraud.payments[name]]) },
    outputName: 'probabilities',
    check({ data }) {
      const [probability = NaN] = fraud.fraudProbabilities(data);
      if (!(Math.abs(probability - expected) < 1e-6)) {
        throw new Error(`expected ${expected} for ${name}, received ${probability}`);
      }
      return `${name}: ${(probability * 100).toFixed(probability < 0.01 ? 2 : 0)} % fraud`;
    },
  };
}

/** The image of an IBAN to the document reader, against the text that was drawn. */
export function ibanQuestion(): CheckedQuestion {
  const { file, text: expected } = documentReader.samples.iban;
  return {
    model: documentReader.modelName,
    version: 1,
    inputName: documentReader.inputName,
    input: documentReader.preprocess(readFileSync(file)),
    outputName: documentReader.outputName,
    check({ data, shape }) {
      const { text } = documentReader.decode(data, shape);
      if (text !== expected || !isUaeIban(text)) {
        throw new Error(`expected the IBAN ${expected}, received "${text}"`);
      }
      return `iban.png: ${text}`;
    },
  };
}
