import { Size } from 'cdk8s';
import { ServingEngine } from '../../../src';
import { refuses } from '../../support/errors';

describe('ServingEngine.onnx', () => {
  for (const serviceTimeMicros of [0, -1, NaN, Infinity]) {
    it(`refuses a service time of ${serviceTimeMicros} µs`, () => {
      refuses(
        () => ServingEngine.onnx({ serviceTimeMicros }),
        'MANARA_ENGINE',
        `[ServingEngine.onnx] serviceTimeMicros: expected microseconds above 0, such as 50; received ${serviceTimeMicros}`,
      );
    });
  }

  it('refuses the memory of a request whose size is not said', () => {
    refuses(
      () => ServingEngine.onnx({ requestMemory: Size.mebibytes(64) }),
      'MANARA_ENGINE',
      'requestMemory: expected maxRequestSize beside it',
      '65536 KiB',
    );
  });

  it('refuses less memory than the request itself', () => {
    const options = { maxRequestSize: Size.mebibytes(2), requestMemory: Size.mebibytes(1) };
    refuses(
      () => ServingEngine.onnx(options),
      'MANARA_ENGINE',
      'requestMemory: expected at least maxRequestSize, 2048 KiB; received 1024 KiB',
    );
  });
});
