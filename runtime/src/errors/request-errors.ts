import { define } from './catalogue';

/** Of a request as a whole. */
export const requestErrors = {
  requestMalformed: define(
    'REQUEST_MALFORMED',
    400,
    'INVALID_ARGUMENT',
    (why: string) => `What was sent is not an HTTP/1.1 request: ${why}`,
  ),
  requestTimeout: define(
    'REQUEST_TIMEOUT',
    408,
    'INVALID_ARGUMENT',
    () => 'The request did not arrive whole in time; headers have 20 s, the body 120 s',
  ),
  headersTooLarge: define(
    'HEADERS_TOO_LARGE',
    431,
    'INVALID_ARGUMENT',
    () => 'The headers are larger than 16 KB together',
  ),
  bodyNotJson: define(
    'BODY_NOT_JSON',
    400,
    'INVALID_ARGUMENT',
    (detail: string) => `The body is not valid JSON: ${detail}`,
  ),
  fieldInvalid: define(
    'FIELD_INVALID',
    400,
    'INVALID_ARGUMENT',
    (field: string, received: string, expected: string) =>
      `Field "${field}": expected ${expected}, received ${received}`,
  ),
  headerInvalid: define(
    'HEADER_INVALID',
    400,
    'INVALID_ARGUMENT',
    (header: string, received: string, expected: string) =>
      `Header "${header}": expected ${expected}, received ${received}`,
  ),
  bodyTruncated: define(
    'BODY_TRUNCATED',
    400,
    'INVALID_ARGUMENT',
    () => 'The connection ended before the whole body arrived',
  ),
  bodyNotDecodable: define(
    'BODY_NOT_DECODABLE',
    400,
    'INVALID_ARGUMENT',
    (encoding: string) => `The body is not valid ${encoding} data, as its Content-Encoding says`,
  ),
  binaryUnclaimed: define(
    'BINARY_UNCLAIMED',
    400,
    'INVALID_ARGUMENT',
    (left: number) =>
      `${left} bytes of binary tensor data follow the last input; the inputs' "binary_data_size" must add up to the whole of it`,
  ),
  parameterUnsupported: define(
    'PARAMETER_UNSUPPORTED',
    400,
    'INVALID_ARGUMENT',
    (parameter: string, advice: string) => `Parameter "${parameter}" is not supported; ${advice}`,
  ),
  contentsMixed: define(
    'CONTENTS_MIXED',
    400,
    'INVALID_ARGUMENT',
    (detail: string) =>
      `A request carries its tensors either all in raw_input_contents or all in their contents field: ${detail}`,
  ),
  bodyTooLarge: define(
    'BODY_TOO_LARGE',
    413,
    'RESOURCE_EXHAUSTED',
    (limit: number, whose: string) => `The body is larger than ${limit} bytes, ${whose}`,
  ),
  jsonTooComplex: define(
    'JSON_TOO_COMPLEX',
    413,
    'RESOURCE_EXHAUSTED',
    (count: number, limit: number) =>
      `The JSON holds ${count} arrays, objects and fields; the limit is ${limit}: send tensors flat instead of nested, or as binary data`,
  ),
  messageTooComplex: define(
    'MESSAGE_TOO_COMPLEX',
    413,
    'RESOURCE_EXHAUSTED',
    (weight: number, limit: number) =>
      `The message holds some ${weight} values besides raw tensors; the limit is ${limit}: send tensors in raw_input_contents`,
  ),
  messageMalformed: define(
    'MESSAGE_MALFORMED',
    400,
    'INVALID_ARGUMENT',
    (why: string) => `The message is not a ModelInferRequest: ${why}`,
  ),
  contentTypeUnsupported: define(
    'CONTENT_TYPE_UNSUPPORTED',
    415,
    'INVALID_ARGUMENT',
    (received: string) =>
      `Content-Type "${received}" is not supported; send application/json, or application/octet-stream with the header inference-header-content-length`,
  ),
  contentEncodingUnsupported: define(
    'CONTENT_ENCODING_UNSUPPORTED',
    415,
    'INVALID_ARGUMENT',
    (received: string) =>
      `Content-Encoding "${received}" is not supported; send gzip, deflate or identity`,
  ),
  routeUnknown: define(
    'ROUTE_UNKNOWN',
    404,
    'NOT_FOUND',
    (method: string, path: string) =>
      `No route answers ${method} ${path}; GET /v2 describes the server`,
  ),
  methodNotAllowed: define(
    'METHOD_NOT_ALLOWED',
    405,
    'INVALID_ARGUMENT',
    (method: string, path: string, allowed: string) =>
      `${path} does not answer ${method}; use ${allowed}`,
  ),
} as const;
