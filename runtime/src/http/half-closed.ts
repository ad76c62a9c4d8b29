import type { Socket } from 'node:net';

/** Milliseconds between looks at whether a caller that ended its side is still there. */
const probeMillis = 100;

/**
 * Looks after a caller that has ended its side of the connection: it either waits for its answer or is
 * gone, and TCP says the same for both. An interim answer, which HTTP has callers pass over, makes the
 * system of one that is gone reset the connection, which the next one finds out.
 *
 * @param probe - sends an interim answer, if one may be sent now.
 */
export function probeHalfClosed(socket: Socket, probe: () => void): void {
  probe();
  const timer = setInterval(probe, probeMillis);
  socket.once('close', () => {
    clearInterval(timer);
  });
}
