import type { ProfiledServer } from './profiled-server';

export interface Drive {
  readonly server: ProfiledServer;
  readonly body: string;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly millis: number;
}

/**
 * Sends one request after another on so many connections.
 *
 * @returns milliseconds of each, as it was sent
 * @throws CliError where one is not answered
 */
export async function drive({
  server,
  body,
  concurrency,
  millis,
}: Drive): Promise<readonly number[]> {
  const times: number[] = [];
  const until = performance.now() + millis;
  const caller = async (): Promise<void> => {
    do {
      const begun = performance.now();
      await server.infer(body);
      times.push(performance.now() - begun);
    } while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  return times;
}
