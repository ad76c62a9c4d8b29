import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { Writer } from 'protobufjs';

/** The part of flagd that its in-process provider gets flags from: one answer on a stream that stays open. */
export class TestFlagd {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port - @default - a free one */
  static async start(flags: string, port = 0): Promise<TestFlagd> {
    const server = new Server();
    // Source: flagd/sync/v1/sync.proto: SyncFlagsResponse has the flags as text in field 1; read 2026-11.
    const serialize = (text: string): Buffer =>
      Buffer.from(
        new Writer()
          .uint32((1 << 3) | 2)
          .string(text)
          .finish(),
      );
    server.addService(
      {
        syncFlags: {
          path: '/flagd.sync.v1.FlagSyncService/SyncFlags',
          requestStream: false,
          responseStream: true,
          requestSerialize: () => Buffer.alloc(0),
          requestDeserialize: (bytes: Buffer) => bytes,
          responseSerialize: serialize,
          responseDeserialize: String,
        },
      },
      {
        syncFlags: (call: ServerWritableStream<Buffer, string>) => {
          call.write(flags);
        },
      },
    );
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, at) => {
        if (error === null) resolve(at);
        else reject(error);
      });
    });
    return new TestFlagd(server, bound);
  }

  stop(): void {
    this.server.forceShutdown();
  }
}
