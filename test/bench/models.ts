import { readFileSync } from 'node:fs';
import { documentReader, fraud } from '@manara/example-models';
import type { BenchModel } from './raw-engine';

/** The two real models of the examples, each with one real input. */
export function models(): readonly BenchModel[] {
  const image = documentReader.preprocess(readFileSync(documentReader.samples.name.file));
  const payment = fraud.encode([fraud.payments.groceries]);
  return [
    {
      name: fraud.modelName,
      file: fraud.versionFile(1),
      input: 'features',
      shape: [1, payment.length],
      values: payment,
      output: 'probabilities',
      concurrencies: [1, 8, 64],
    },
    {
      name: documentReader.modelName,
      file: documentReader.modelFile,
      input: documentReader.inputName,
      shape: image.shape,
      values: image.data,
      output: documentReader.outputName,
      concurrencies: [1, 8],
    },
  ];
}
