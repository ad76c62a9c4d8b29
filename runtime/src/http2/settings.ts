import { constants } from 'node:http2';
import { ConnectionFault, errorCode } from './fault';
import { defaultPayloadBytes, frameOf, frameType } from './frames';

/** Greatest size of a window. */
export const maxWindow = 2 ** 31 - 1;

/** Window of a stream, and of a connection, where nothing was agreed on. */
export const defaultWindow = 65_535;

/** Bytes of a body that may be on the way to us, for a stream. */
export const streamWindow = 256 * 1024;

/** The same, of all streams of a connection. */
export const connectionWindow = 1024 * 1024;

/** Streams of a connection that may be open at once; a client keeps back what is more. */
export const maxStreams = 256;

/** What we tell the other side. */
export function ourSettings(maxHeadBytes: number): Buffer {
  const settings: readonly (readonly [number, number])[] = [
    [constants.NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, maxStreams],
    [constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, streamWindow],
    [constants.NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, maxHeadBytes],
  ];
  const payload = Buffer.allocUnsafe(settings.length * settingBytes);
  settings.forEach(([id, value], i) => {
    payload.writeUInt16BE(id, i * settingBytes);
    payload.writeUInt32BE(value, i * settingBytes + 2);
  });
  return frameOf(frameType.settings, 0, 0, payload);
}

const settingBytes = 6;

/** What the other side told us of itself. */
export interface PeerSettings {
  /** Bytes that a stream may send before it is given more. */
  readonly initialWindow: number;
  /** Greatest payload of a frame. */
  readonly payloadBytes: number;
}

export const defaultSettings: PeerSettings = {
  initialWindow: defaultWindow,
  payloadBytes: defaultPayloadBytes,
};

/**
 * Reads a frame of settings. What is not named here is about pushes and tables of fields, which we do not use.
 *
 * @throws ConnectionFault
 */
export function readSettings(payload: Buffer, before: PeerSettings): PeerSettings {
  if (payload.length % settingBytes !== 0) {
    throw new ConnectionFault(errorCode.frameSize, 'settings that end in the middle of one');
  }
  let { initialWindow, payloadBytes } = before;
  for (let at = 0; at < payload.length; at += settingBytes) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case constants.NGHTTP2_SETTINGS_ENABLE_PUSH:
        hold(value <= 1, errorCode.protocol, 'a push that is neither on nor off');
        break;
      case constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE:
        hold(value <= maxWindow, errorCode.flowControl, 'a window that is too large');
        initialWindow = value;
        break;
      case constants.NGHTTP2_SETTINGS_MAX_FRAME_SIZE:
        hold(
          value >= defaultPayloadBytes && value < 2 ** 24,
          errorCode.protocol,
          'frames of a size that there is not',
        );
        payloadBytes = value;
    }
  }
  return { initialWindow, payloadBytes };
}

function hold(isRight: boolean, code: number, message: string): void {
  if (!isRight) throw new ConnectionFault(code, message);
}
