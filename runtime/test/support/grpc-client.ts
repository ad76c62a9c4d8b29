import {
  type ChannelCredentials,
  Client,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadDefinitions } from '../../src/grpc/definitions';

type Message = Readonly<Record<string, unknown>>;

/** A client made from the interface definitions, as any gRPC tool would make one. */
export class TestGrpcClient {
  private readonly client: Client;
  private readonly definitions = loadDefinitions();

  /**
   * @param said - metadata of every call.
   * @param secured - how the connection is made. @default - without TLS
   */
  constructor(
    address: string,
    private readonly said: Readonly<Record<string, string>> = {},
    secured: ChannelCredentials = credentials.createInsecure(),
  ) {
    this.client = new Client(address, secured, {
      'grpc.max_receive_message_length': -1,
    });
  }

  /** Calls a unary method of the inference service, or of the health service. */
  call(
    method: string,
    request: Message,
    service: keyof ReturnType<typeof loadDefinitions> = 'inference',
  ): Promise<Message> {
    const definition = this.definitions[service][method];
    if (definition === undefined) throw new Error(`no method ${method}`);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        definition.path,
        definition.requestSerialize,
        definition.responseDeserialize as (bytes: Buffer) => Message,
        request,
        Metadata.fromHttp2Headers({ ...this.said }),
        (error, reply) => {
          if (error !== null) reject(error);
          else resolve(reply ?? {});
        },
      );
    });
  }

  /** Calls a unary method with metadata. @returns the answer, with what was said beside it */
  callWith(
    method: string,
    request: Message,
    metadata: Metadata,
    service: keyof ReturnType<typeof loadDefinitions> = 'inference',
  ): Promise<{ readonly answer: Message; readonly metadata: Metadata }> {
    const definition = this.definitions[service][method];
    if (definition === undefined) throw new Error(`no method ${method}`);
    return new Promise((resolve, reject) => {
      let said = new Metadata();
      this.client
        .makeUnaryRequest(
          definition.path,
          definition.requestSerialize,
          definition.responseDeserialize as (bytes: Buffer) => Message,
          request,
          metadata,
          (error, reply) => {
            if (error !== null) reject(error);
            else resolve({ answer: reply ?? {}, metadata: said });
          },
        )
        .on('metadata', (received: Metadata) => {
          said = received;
        });
    });
  }

  /** Calls a unary method of the inference service with bytes as they are. */
  callRaw(method: string, bytes: Buffer): Promise<Message> {
    const definition = this.definitions.inference[method];
    if (definition === undefined) throw new Error(`no method ${method}`);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        definition.path,
        (message: Buffer) => message,
        definition.responseDeserialize as (reply: Buffer) => Message,
        bytes,
        (error, reply) => {
          if (error !== null) reject(error);
          else resolve(reply ?? {});
        },
      );
    });
  }

  /**
   * Calls `ModelInfer`, and cancels when told.
   *
   * @returns a function that cancels
   */
  inferUntilCanceled(request: Message): () => void {
    const definition = this.definitions.inference.ModelInfer!;
    const call = this.client.makeUnaryRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize as (reply: Buffer) => Message,
      request,
      () => undefined,
    );
    return () => {
      call.cancel();
    };
  }

  /** Sends a request on a stream and cancels it at once. */
  cancelStream(request: Message): Promise<void> {
    const cancel = this.streamUntilCanceled([request]);
    return new Promise((resolve) => {
      setImmediate(() => {
        cancel();
        resolve();
      });
    });
  }

  /**
   * Sends requests on a stream that stays open.
   *
   * @returns a function that cancels
   */
  streamUntilCanceled(requests: readonly Message[]): () => void {
    const definition = this.definitions.inference.ModelStreamInfer!;
    const stream = this.client.makeBidiStreamRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize as (bytes: Buffer) => Message,
    );
    stream.on('error', () => undefined);
    for (const request of requests) stream.write(request);
    return () => {
      stream.cancel();
    };
  }

  /** Sends requests on one stream. @returns the replies, once the server has ended the stream */
  stream(requests: readonly Message[]): Promise<readonly Message[]> {
    const definition = this.definitions.inference.ModelStreamInfer!;
    const stream = this.client.makeBidiStreamRequest(
      definition.path,
      definition.requestSerialize,
      definition.responseDeserialize as (bytes: Buffer) => Message,
      Metadata.fromHttp2Headers({ ...this.said }),
    );
    for (const request of requests) stream.write(request);
    stream.end();
    return new Promise((resolve, reject) => {
      const replies: Message[] = [];
      stream.on('data', (reply: Message) => replies.push(reply));
      stream.once('end', () => {
        resolve(replies);
      });
      stream.once('error', reject);
    });
  }

  close(): void {
    this.client.close();
  }
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  try {
    await call;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('the call was answered, and should have failed');
}
