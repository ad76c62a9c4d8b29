import { errors } from '../errors';

/** 0: before others. 1: as everyone. 2: what nobody waits for, such as jobs. */
export type Priority = 0 | 1 | 2;

/** How soon a request is to be answered, as its parameters say. */
export interface Urgency {
  /** Microseconds from its arrival after which the answer is of no use; `undefined`: it always is. */
  readonly timeoutMicros: number | undefined;
  readonly priority: Priority | undefined;
}

/** Says nothing. */
export const noUrgency: Urgency = { timeoutMicros: undefined, priority: undefined };

/**
 * Triton's parameters `timeout`, in microseconds, and `priority`: 1 is before others, 2 as everyone, 3
 * and above what nobody waits for; 0 of either says nothing. Source: Triton Inference Server, "Schedule
 * policy extension"; read 2026-11.
 *
 * @throws ServingError FIELD_INVALID
 */
export function urgencyOf(timeout: unknown, priority: unknown): Urgency {
  if (timeout === undefined && priority === undefined) return noUrgency;
  const micros = count('timeout', timeout);
  const level = count('priority', priority);
  return {
    timeoutMicros: micros === 0 ? undefined : micros,
    priority: level === 0 ? undefined : level === 1 ? 0 : level === 2 ? 1 : 2,
  };
}

function count(name: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  // 64-bit integers of gRPC come as strings.
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (Number.isInteger(number) && (number as number) >= 0) return number as number;
  throw errors.fieldInvalid(`parameters.${name}`, JSON.stringify(value), 'an integer from 0');
}
