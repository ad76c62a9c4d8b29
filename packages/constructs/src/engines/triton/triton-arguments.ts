import { container, drainTimes, ports } from '@manara/contract';
import type { Place } from '@manara/residency';
import { unlessAbsent } from '../../absent';
import { hasLate } from '../../late/late';
import { type TracesTarget, tracesTarget } from '../../observability/watcher';
import type { Site } from '../../site';
import type { Workload } from '../lowering';
import type { TritonEngineOptions } from './triton-options';
import { cacheBytes, type TritonPlan } from './triton-plan';

/** Name of the variable with what unlocks the restricted routes. */
export const adminVariable = 'POD_UID';

/**
 * Routes that load other models, write log files or map memory. Nobody on the network has the key: it is the
 * pod's own id, which only Kubernetes' API tells.
 * Source: Triton Inference Server, "Limit Endpoint Access"; read 2026-11.
 */
const restricted = `model-repository,shared-memory,trace,logging:manara-admin=$(${adminVariable})`;

/**
 * Command line of the server.
 * Source: triton-inference-server/server 2.73, src/command_line_parser.cc; read 2026-11.
 */
export function tritonArguments(
  workload: Workload,
  plan: TritonPlan,
  options: TritonEngineOptions<Place>,
): readonly string[] {
  const names = [
    ...plan.models.map(({ model }) => model.name),
    ...(options.pipelines ?? []).map(({ name }) => name),
  ];
  const cache = cacheBytes(options);
  return [
    `--model-repository=${container.modelRepository}`,
    '--model-control-mode=explicit',
    ...names.map((name) => `--load-model=${name}`),
    // What is not in config.pbtxt is not guessed.
    '--disable-auto-complete-config',
    '--strict-readiness=true',
    `--exit-timeout-secs=${drainTimes.timeoutSeconds}`,
    `--http-port=${ports.http}`,
    `--grpc-port=${ports.grpc}`,
    `--http-max-input-size=${plan.maxRequestBytes}`,
    `--http-restricted-api=${restricted}`,
    `--grpc-restricted-protocol=${restricted}`,
    ...metrics(workload, options),
    ...traces(workload),
    ...(cache === 0 ? [] : [`--cache-config=local,size=${cache}`]),
  ];
}

function metrics({ site }: Workload, { gpus }: TritonEngineOptions<Place>): readonly string[] {
  if (unlessAbsent(site.metrics) === undefined) return ['--allow-metrics=false'];
  return [
    '--allow-metrics=true',
    `--allow-gpu-metrics=${gpus !== undefined}`,
    `--metrics-port=${ports.metrics}`,
  ];
}

/** Where it sends spans: not to a collector whose certificate no public authority has signed, as it trusts no other. */
export function tritonTraces(site: Site): TracesTarget | undefined {
  const target = tracesTarget(site);
  return target?.authoritySecret === undefined ? target : undefined;
}

/** One request in a hundred, as the bundled server; and each whose caller says so. */
function traces({ endpoint, site }: Workload): readonly string[] {
  const sink = tritonTraces(site);
  if (sink === undefined) return [];
  return [
    'mode=opentelemetry',
    'level=TIMESTAMPS',
    'rate=100',
    `opentelemetry,url=${tracesUrl(sink.uri)}`,
    `opentelemetry,resource=service.name=${endpoint.name}`,
  ].map((setting) => `--trace-config=${setting}`);
}

/** Triton takes the whole address; the bundled server adds the path where there is none, and so does this. */
function tracesUrl(uri: string): string {
  if (hasLate(uri)) return uri;
  const url = new URL(uri);
  return url.pathname === '/' ? `${url.origin}/v1/traces` : uri;
}
