import { define } from './catalogue';

/** Of tensors against the model's signature. */
export const tensorErrors = {
  inputUnknown: define(
    'INPUT_UNKNOWN',
    400,
    'INVALID_ARGUMENT',
    (name: string, model: string, expected: string) =>
      `Input "${name}" is not one of model "${model}", which takes ${expected}`,
  ),
  inputMissing: define(
    'INPUT_MISSING',
    400,
    'INVALID_ARGUMENT',
    (name: string, datatype: string, shape: string) =>
      `Input "${name}" is missing; expected ${datatype} ${shape}`,
  ),
  inputDuplicate: define(
    'INPUT_DUPLICATE',
    400,
    'INVALID_ARGUMENT',
    (name: string) => `Input "${name}" stands twice`,
  ),
  outputUnknown: define(
    'OUTPUT_UNKNOWN',
    400,
    'INVALID_ARGUMENT',
    (name: string, model: string, expected: string) =>
      `Output "${name}" is not one of model "${model}", which gives ${expected}`,
  ),
  outputDuplicate: define(
    'OUTPUT_DUPLICATE',
    400,
    'INVALID_ARGUMENT',
    (name: string) => `Output "${name}" is asked for twice`,
  ),
  datatypeMismatch: define(
    'DATATYPE_MISMATCH',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: string, expected: string) =>
      `Input "${name}" has datatype ${received}; expected ${expected}`,
  ),
  shapeMismatch: define(
    'SHAPE_MISMATCH',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: string, expected: string) =>
      `Input "${name}" has shape ${received}; expected ${expected}`,
  ),
  shapeInvalid: define(
    'SHAPE_INVALID',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: string, why: string) =>
      `Input "${name}" has shape ${received}, but ${why}`,
  ),
  batchTooLarge: define(
    'BATCH_TOO_LARGE',
    400,
    'INVALID_ARGUMENT',
    (name: string, batch: number, limit: number) =>
      `Input "${name}" carries a batch of ${batch}; the model's max_batch_size is ${limit}`,
  ),
  stringsTooMany: define(
    'STRINGS_TOO_MANY',
    400,
    'INVALID_ARGUMENT',
    (count: number, limit: number) =>
      `The BYTES inputs have ${count} elements in all; a request may carry ${limit}: send fewer rows at a time`,
  ),
  dataMissing: define(
    'DATA_MISSING',
    400,
    'INVALID_ARGUMENT',
    (name: string) => `Input "${name}" carries no data`,
  ),
  elementCount: define(
    'ELEMENT_COUNT',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: number, expected: number) =>
      `Input "${name}" carries ${received} elements; its shape needs ${expected}`,
  ),
  nestingMismatch: define(
    'NESTING_MISMATCH',
    400,
    'INVALID_ARGUMENT',
    (name: string, at: string, received: string, expected: string) =>
      `Input "${name}": data${at} is ${received}; expected ${expected}`,
  ),
  byteLength: define(
    'BYTE_LENGTH',
    400,
    'INVALID_ARGUMENT',
    (name: string, received: number, expected: number, what: string) =>
      `Input "${name}" carries ${received} bytes; ${what} needs ${expected}`,
  ),
  bytesMalformed: define(
    'BYTES_MALFORMED',
    400,
    'INVALID_ARGUMENT',
    (name: string, index: number, why: string) => `Input "${name}": element ${index} ${why}`,
  ),
  valueInvalid: define(
    'VALUE_INVALID',
    400,
    'INVALID_ARGUMENT',
    (name: string, index: number, received: string, expected: string) =>
      `Input "${name}": element ${index} is ${received}; expected ${expected}`,
  ),
  outputNotJson: define(
    'OUTPUT_NOT_JSON',
    406,
    'INVALID_ARGUMENT',
    (name: string) =>
      `Output "${name}" holds NaN or an infinity, which JSON cannot say; ask for it with "binary_data": true, or over gRPC`,
  ),
  outputTooLarge: define(
    'OUTPUT_TOO_LARGE',
    406,
    'INVALID_ARGUMENT',
    (form: string, limit: string, advice: string) =>
      `The outputs are too large for ${form}, which carries at most ${limit}; ${advice}`,
  ),
} as const;
