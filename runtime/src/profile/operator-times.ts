/** An event of onnxruntime's profiler, as far as it is read. Source: seen of onnxruntime 1.30; 2026-11. */
export interface ProfilerEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur?: number;
  readonly args?: { readonly op_name?: string };
}

/** Time of an operator, or of a node, in the mean run. */
export interface OperatorTime {
  readonly name: string;
  readonly calls: number;
  readonly micros: number;
  /** Of the time of all operators. */
  readonly share: number;
}

export interface OperatorTimes {
  readonly runs: number;
  /** Of the operators together, in the mean run. */
  readonly micros: number;
  /** By kind of operator, the slowest first. */
  readonly operators: readonly OperatorTime[];
  /** The slowest nodes of the graph, the slowest first. */
  readonly nodes: readonly (OperatorTime & { readonly operator: string })[];
}

const kernel = /^(.*)_kernel_time$/;

/** Nodes that are told one by one. */
const slowest = 20;

/** Adds the profiler's events up. */
export function addUp(events: readonly ProfilerEvent[], runs: number): OperatorTimes {
  const operators = new Map<string, { calls: number; micros: number }>();
  const nodes = new Map<string, { operator: string; calls: number; micros: number }>();
  let all = 0;
  for (const { cat, name, dur = 0, args } of events) {
    const [, node] = kernel.exec(name) ?? [];
    const operator = args?.op_name;
    if (cat !== 'Node' || node === undefined || operator === undefined) continue;
    all += dur;
    const ofKind = operators.get(operator) ?? { calls: 0, micros: 0 };
    operators.set(operator, { calls: ofKind.calls + 1, micros: ofKind.micros + dur });
    const ofNode = nodes.get(node) ?? { operator, calls: 0, micros: 0 };
    nodes.set(node, { operator, calls: ofNode.calls + 1, micros: ofNode.micros + dur });
  }
  const mean = <T extends { readonly calls: number; readonly micros: number }>([name, time]: [
    string,
    T,
  ]) => ({
    ...time,
    name,
    calls: time.calls / runs,
    micros: time.micros / runs,
    share: all === 0 ? 0 : time.micros / all,
  });
  const slowestFirst = (a: OperatorTime, b: OperatorTime): number => b.micros - a.micros;
  return {
    runs,
    micros: all / runs,
    operators: [...operators].map(mean).sort(slowestFirst),
    nodes: [...nodes].map(mean).sort(slowestFirst).slice(0, slowest),
  };
}
