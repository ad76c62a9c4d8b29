import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  type Frame,
  frameType,
  onStream,
  opening,
  pingAck,
  readFrames,
  settingsAck,
  unaryCall,
} from './http2-frames';
import type { LoadJob } from './job';
import type { Recorder } from './recorder';

/** A channel has one connection; a client that wants more than one core of its server opens several. */
const connections = 8;
const inferPath = '/inference.GRPCInferenceService/ModelInfer';

/** As `loadHttp`, with calls of ModelInfer spread over connections. */
export async function loadGrpc(job: LoadJob, recorder: Recorder): Promise<void> {
  const message = Buffer.from(job.request, 'base64');
  const count = Math.min(job.concurrency, connections);
  const channels = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const socket = connect({ port: job.port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      const calls = Math.ceil((job.concurrency - i) / count);
      return new Channel(socket, unaryCall(inferPath, `127.0.0.1:${job.port}`, message), calls);
    }),
  );
  try {
    await Promise.all(channels.map((channel) => channel.run(recorder)));
  } finally {
    for (const channel of channels) channel.close();
  }
}

/** One connection with a fixed number of calls in flight. */
class Channel {
  /** When the call of a stream was sent, and whether a message has come back. */
  private readonly calls = new Map<number, { readonly sentAt: number; answered: boolean }>();
  private nextStream = 1;
  private received = Buffer.alloc(0);

  constructor(
    private readonly socket: Socket,
    private readonly call: Buffer,
    private readonly inFlight: number,
  ) {}

  run(recorder: Recorder): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.on('data', (chunk: Buffer) => {
        try {
          this.receive(chunk, recorder);
          if (this.calls.size === 0) resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      this.socket.once('error', reject);
      this.socket.once('close', () => {
        reject(new Error('the server closed a connection'));
      });
      this.socket.write(opening());
      for (let i = 0; i < this.inFlight; i++) this.send();
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private send(): void {
    this.calls.set(this.nextStream, { sentAt: performance.now(), answered: false });
    this.socket.write(onStream(this.call, this.nextStream));
    this.nextStream += 2;
  }

  private receive(chunk: Buffer, recorder: Recorder): void {
    const { frames, rest } = readFrames(
      this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]),
    );
    this.received = Buffer.from(rest);
    for (const frame of frames) this.handle(frame, recorder);
  }

  private handle(frame: Frame, recorder: Recorder): void {
    switch (frame.type) {
      case frameType.settings:
        if (!frame.acknowledges) this.socket.write(settingsAck);
        return;
      case frameType.ping:
        if (!frame.acknowledges) this.socket.write(pingAck(frame.payload));
        return;
      case frameType.goAway:
      case frameType.reset:
        throw new Error(`the server ended a call or a connection: ${readable(frame.payload)}`);
    }
    const call = this.calls.get(frame.stream);
    if (call === undefined) return;
    if (frame.type === frameType.data && frame.payload.length > 0) call.answered = true;
    if (!frame.endsStream) return;
    // A call that fails is answered without a message, so that its status need not be decoded.
    if (!call.answered) throw new Error(`a call failed; its trailers: ${readable(frame.payload)}`);
    this.calls.delete(frame.stream);
    recorder.answered(call.sentAt);
    if (recorder.open) this.send();
  }
}

function readable(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll(/[^\x20-\x7e]+/g, ' ');
}
