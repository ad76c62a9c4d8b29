/**
 * The collector's image, as its makers publish it; it is mirrored into the site's registry under the same
 * name. The release was taken from the Go modules of open-telemetry/opentelemetry-collector-contrib, from
 * which the test bed builds what the configuration needs; that the image has the same tag was not looked up.
 * Source: opentelemetry-collector-contrib v0.160.0; read 2026-11.
 */
export const collectorImage = {
  name: 'otel/opentelemetry-collector-contrib',
  tag: '0.160.0',
  /** User and group of the image. Source: its Dockerfile, USER 10001; read 2026-11. */
  uid: 10001,
} as const;

/** Ports of the collector's pods. */
export const collectorPorts = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  metrics: 8888,
  health: 13133,
} as const;

/** Where things are in the collector's container. */
export const collectorFiles = {
  configFolder: '/etc/otelcol',
  config: '/etc/otelcol/config.yaml',
  certificates: '/etc/otelcol-tls',
  queue: '/var/lib/otelcol',
} as const;
