import type { BenchModel } from './bench-model';
import type { Protocol } from './contender';

/** What every contender that has the protocol is measured at. */
export interface Case {
  readonly id: string;
  readonly model: BenchModel['name'];
  readonly protocol: Protocol;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Whether the engine alone is measured beside it. */
  readonly raw: boolean;
}

const row = (model: Case['model'], protocol: Protocol, concurrency: number, raw = false): Case => ({
  id: `${model}-${protocol}-${concurrency}`,
  model,
  protocol,
  concurrency,
  raw,
});

export const cases: readonly Case[] = [
  row('mlp', 'rest', 1),
  row('mlp', 'rest', 8),
  row('mlp', 'rest', 64),
  row('mlp', 'grpc', 8),
  row('mlp', 'grpc', 64),
  row('minilm', 'rest', 1),
  row('minilm', 'rest', 8),
  row('minilm', 'rest', 64, true),
  row('minilm', 'grpc', 64),
];
