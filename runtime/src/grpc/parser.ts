/**
 * Who answers what comes in over gRPC: `own` answers inferences whose message comes whole in one frame itself,
 * over node:http2, and gives every other call to grpc-js; `grpc-js` gives it all.
 */
export const grpcParsers = ['own', 'grpc-js'] as const;

export type GrpcParser = (typeof grpcParsers)[number];
