import { constants } from 'node:http2';

/** Error codes. Source: RFC 9113, section 7. */
export const errorCode = {
  none: constants.NGHTTP2_NO_ERROR,
  protocol: constants.NGHTTP2_PROTOCOL_ERROR,
  internal: constants.NGHTTP2_INTERNAL_ERROR,
  flowControl: constants.NGHTTP2_FLOW_CONTROL_ERROR,
  streamClosed: constants.NGHTTP2_STREAM_CLOSED,
  frameSize: constants.NGHTTP2_FRAME_SIZE_ERROR,
  refusedStream: constants.NGHTTP2_REFUSED_STREAM,
  cancel: constants.NGHTTP2_CANCEL,
  compression: constants.NGHTTP2_COMPRESSION_ERROR,
  enhanceYourCalm: constants.NGHTTP2_ENHANCE_YOUR_CALM,
} as const;

/** The other side broke the rules in a way that ends the connection. */
export class ConnectionFault extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'ConnectionFault';
  }
}

/** @throws ConnectionFault PROTOCOL_ERROR */
export function broken(message: string): never {
  throw new ConnectionFault(errorCode.protocol, message);
}
