import { Size } from 'cdk8s';
import { ServingEngine, TensorRt, type TritonEngineOptions } from '../../../src';
import { refuses } from '../../support/errors';
import { type UaePlace, untyped } from '../../support/fixtures';
import { measured, versionOf } from './support';

const model = { name: 'second', versions: [versionOf()] } as const;

const wrong: readonly [title: string, options: TritonEngineOptions<UaePlace>, ...says: string[]][] =
  [
    ['a time of nothing', { serviceTimeMicros: 0 }, 'serviceTimeMicros', 'received 0'],
    ['a larger batch alone', { largerBatch: { rows: 8, micros: 9 } }, 'serviceTimeMicros beside'],
    [
      'a larger batch of one row',
      { serviceTimeMicros: 1, largerBatch: { rows: 1, micros: 9 } },
      'largerBatch.rows: expected a whole number from 2',
    ],
    ['half a row', { maxBatchSize: 1.5 }, 'maxBatchSize', '1.5'],
    ['no copy', { instances: 0 }, 'instances', 'received 0'],
    ['TensorRT without GPUs', { tensorRt: TensorRt.fp16() }, 'tensorRt', 'gpus'],
    ['GPUs that are not there', { onGpus: [0] }, 'onGpus', 'gpus'],
    ['a GPU too far', { ...measured, onGpus: [1] }, 'onGpus.0', 'from 0 to 0; received 1'],
    ['no GPU at all', { ...measured, onGpus: [] }, 'onGpus: expected at least one'],
    ['GPUs that nobody measured', { gpus: {} }, 'serviceTimeMicros', 'received none'],
    ['too many GPUs', { ...measured, gpus: { count: 65 } }, 'gpus.count', '65'],
    ['a resource of no name', { ...measured, gpus: { resource: 'gpu' } }, 'gpus.resource', '"gpu"'],
    ['a digest that is none', { fetchImageDigest: 'latest' }, 'fetchImageDigest', '"latest"'],
    ['a cache for nothing', { cacheSize: Size.mebibytes(1) }, 'cacheSize', 'responseCache'],
    ['a model of no name', { models: [{ ...model, name: 'a/b' }] }, 'models.0.name', '"a/b"'],
    [
      'a model without versions',
      { models: [{ ...model, versions: untyped([]) }] },
      'models.0.versions',
      'received none',
    ],
    [
      'a version twice',
      { models: [{ ...model, versions: [versionOf(), versionOf()] }] },
      'models.0.versions',
      '1, 1',
    ],
    [
      'a traffic of nothing',
      { models: [{ ...model, peakRequestsPerSecond: 0 }] },
      'models.0.peakRequestsPerSecond',
    ],
    [
      'a model beside that nobody measured',
      { ...measured, models: [model] },
      'models.0.serviceTimeMicros',
    ],
    [
      'a pipeline of no name',
      { pipelines: [{ name: '', inputs: [], outputs: [], steps: [] }] },
      'pipelines.0.name',
    ],
  ];

describe('ServingEngine.triton', () => {
  for (const [title, options, ...says] of wrong) {
    it(`refuses ${title}`, () => {
      refuses(
        () => ServingEngine.triton(options),
        'MANARA_ENGINE',
        'ServingEngine.triton',
        ...says,
      );
    });
  }

  it('refuses options of another kind', () => {
    const text = untyped('fp16');
    refuses(
      () => ServingEngine.triton({ tensorRt: text }),
      'MANARA_PROP',
      'tensorRt',
      'a TensorRt',
    );
    refuses(() => ServingEngine.triton({ warmUp: text }), 'MANARA_PROP', 'warmUp', 'true or false');
    refuses(() => TensorRt.fp16({ workspace: text }), 'MANARA_PROP', 'workspace');
    refuses(
      () => TensorRt.fp16({ workspace: Size.kibibytes(0) }),
      'MANARA_ENGINE',
      'workspace',
      'received 0',
    );
  });
});
