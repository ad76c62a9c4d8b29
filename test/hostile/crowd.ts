import { setTimeout } from 'node:timers/promises';
import { Raw } from './raw';
import type { Target } from './target';

/** Who misbehaves, and for how long. */
export interface Crowd {
  /** Connections. */
  readonly size: number;
  readonly millis: number;
  readonly what: string;
  /** @default http */
  readonly over?: 'http' | 'grpc';
}

/** Opens connections, has each misbehave, waits, and closes them. */
export async function crowd(
  { httpPort, grpcPort, saw }: Target,
  { size, millis, what, over = 'http' }: Crowd,
  behave: (raw: Raw, i: number) => void,
): Promise<void> {
  const all = Array.from({ length: size }, (_, i) => {
    const raw = new Raw(over === 'http' ? httpPort : grpcPort);
    behave(raw, i);
    return raw;
  });
  await setTimeout(millis);
  for (const raw of all) {
    saw(raw.status, what);
    raw.destroy();
  }
}
