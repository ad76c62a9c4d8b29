import type { Contender } from '../contender';
import { kserve } from './kserve';
import { mlserver } from './mlserver';
import { triton } from './triton';
import { fastapi, mosec } from './web';

/**
 * Whom our server is measured against. `NAME: how` is the same server set up otherwise: the issue's
 * ratios were taken from the set-up without a word, and the best of each is for the reader to see.
 */
export const everybody: readonly Contender[] = [
  mosec,
  fastapi,
  triton('Triton Python backend', false),
  triton('Triton Python backend: batching', true),
  mlserver('MLServer', 0, 1),
  mlserver('MLServer: batching', 0, 32),
  mlserver('MLServer: two workers', 2, 32),
  kserve,
];
