import { ConnectionFault, errorCode } from './fault';
import { flag, type Frame, streamAt } from './frames';

/** Bytes of a head, packed, that are put together; more is an attack on memory. */
const maxBlockBytes = 32 * 1024;

/** Frames that a head may come in. */
const maxFrames = 16;

/** A head that has come. */
export interface HeaderBlock {
  readonly stream: number;
  readonly bytes: Buffer;
  readonly endsStream: boolean;
  /** Of a stream that is said to depend on itself, which is an error of the stream. */
  readonly dependsOnItself: boolean;
}

/** Puts a head together out of the frame that begins it and those that go on with it. */
export class HeaderBlockReader {
  private begun: { readonly block: HeaderBlock; readonly parts: Buffer[] } | undefined;
  private bytes = 0;

  /** Whether nothing else may come until the head is whole. */
  get isOpen(): boolean {
    return this.begun !== undefined;
  }

  /** @returns the head, if it is whole. @throws ConnectionFault */
  begin(frame: Frame): HeaderBlock | undefined {
    const { bytes, dependsOn } = fragmentOf(frame);
    const block: HeaderBlock = {
      stream: frame.stream,
      bytes,
      endsStream: (frame.flags & flag.endStream) !== 0,
      dependsOnItself: dependsOn === frame.stream,
    };
    if ((frame.flags & flag.endHeaders) !== 0) return block;
    this.begun = { block, parts: [Buffer.from(bytes)] };
    this.bytes = bytes.length;
    return undefined;
  }

  /** @returns the head, if it is whole. @throws ConnectionFault */
  goOn({ stream, flags, payload }: Frame): HeaderBlock | undefined {
    const { begun } = this;
    if (begun?.block.stream !== stream) {
      throw new ConnectionFault(errorCode.protocol, 'a head goes on that did not begin');
    }
    this.bytes += payload.length;
    // Its frame is gone before the next one comes.
    begun.parts.push(Buffer.from(payload));
    if (this.bytes > maxBlockBytes || begun.parts.length > maxFrames) {
      throw new ConnectionFault(errorCode.enhanceYourCalm, 'a head that does not end');
    }
    if ((flags & flag.endHeaders) === 0) return undefined;
    this.begun = undefined;
    return { ...begun.block, bytes: Buffer.concat(begun.parts) };
  }
}

function fragmentOf({ flags, payload }: Frame): {
  readonly bytes: Buffer;
  readonly dependsOn: number | undefined;
} {
  const bytes = withoutPadding(flags, payload);
  if ((flags & flag.priority) === 0) return { bytes, dependsOn: undefined };
  if (bytes.length < priorityBytes) {
    throw new ConnectionFault(errorCode.frameSize, 'a priority that is cut off');
  }
  return { bytes: bytes.subarray(priorityBytes), dependsOn: streamAt(bytes, 0) };
}

/** A stream that another depends on, and a weight. */
export const priorityBytes = 5;

/** What a frame carries between its padding. @throws ConnectionFault */
export function withoutPadding(flags: number, payload: Buffer): Buffer {
  if ((flags & flag.padded) === 0) return payload;
  const [padding] = payload;
  if (padding === undefined) {
    throw new ConnectionFault(errorCode.frameSize, 'a length of padding that is cut off');
  }
  if (padding >= payload.length) {
    throw new ConnectionFault(errorCode.protocol, 'more padding than there is');
  }
  return payload.subarray(1, payload.length - padding);
}
