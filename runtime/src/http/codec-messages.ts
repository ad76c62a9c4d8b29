import type { GrpcStatusName } from '../errors';
import type { Tensor } from '../protocol/tensor';
import type { RequestSignature } from '../protocol/validate';
import type { HttpInferRequest } from './infer-request';

/** What the I/O thread asks of the codec thread; one at a time. */
export type CodecTask =
  | {
      readonly kind: 'read';
      readonly signature: RequestSignature;
      readonly body: Uint8Array<ArrayBuffer>;
      readonly jsonLength: number;
    }
  | { readonly kind: 'write'; readonly outputs: readonly Tensor[] };

export type CodecReply =
  | { readonly kind: 'request'; readonly request: HttpInferRequest }
  /** The elements of each output as JSON. */
  | { readonly kind: 'texts'; readonly texts: readonly Uint8Array<ArrayBuffer>[] }
  | {
      readonly kind: 'failure';
      /** What the request is refused with; otherwise it is a fault of the server. */
      readonly refused?: {
        readonly code: string;
        readonly httpStatus: number;
        readonly grpcStatus: GrpcStatusName;
      };
      readonly message: string;
    };
