/**
 * One line for each request, on the proxy's standard output. What could tell who called, or what about, is
 * not in it: no address, no token's subject, no query, no header that a caller writes freely.
 */
export function accessLog(): object {
  return {
    name: 'envoy.access_loggers.stdout',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog',
      log_format: { json_format: accessLogFields },
    },
  };
}

/** Fields of the access log, in Envoy's terms. Source: Envoy 1.40, "Access logging"; read 2026-11. */
export const accessLogFields = {
  event: 'access',
  time: '%START_TIME%',
  host: '%REQ(:AUTHORITY)%',
  method: '%REQ(:METHOD)%',
  path: '%PATH(NQ:PATH)%',
  protocol: '%PROTOCOL%',
  tls: '%DOWNSTREAM_TLS_VERSION%',
  status: '%RESPONSE_CODE%',
  why: '%RESPONSE_CODE_DETAILS%',
  flags: '%RESPONSE_FLAGS%',
  grpc_status: '%GRPC_STATUS%',
  milliseconds: '%DURATION%',
  bytes_in: '%BYTES_RECEIVED%',
  bytes_out: '%BYTES_SENT%',
  request_id: '%STREAM_ID%',
  trace_id: '%TRACE_ID%',
  route: '%ROUTE_NAME%',
  upstream: '%UPSTREAM_CLUSTER%',
} as const;
