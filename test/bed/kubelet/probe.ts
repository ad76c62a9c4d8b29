import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Container, type ProbeSpec, portNumber } from './pod';

/** Until it has first succeeded a probe is repeated this soon, whatever its period: tests need not wait. */
const eagerMillis = 250;

/** Called when a probe's verdict changes, by the thresholds of its specification. */
export type OnVerdict = (passes: boolean) => void;

/** Repeats a probe until `signal` says stop. A program is taken to fail until it first succeeds. */
export async function probeRepeatedly(
  container: Container,
  spec: ProbeSpec,
  ip: string,
  onVerdict: OnVerdict,
  signal: AbortSignal,
): Promise<void> {
  const { periodSeconds = 10, failureThreshold = 3, successThreshold = 1 } = spec;
  const begun = Date.now() + (spec.initialDelaySeconds ?? 0) * 1000;
  const patienceMillis = periodSeconds * 1000 * failureThreshold;
  let verdict: boolean | undefined;
  let inARow = 0;
  let last: boolean | undefined;
  await pause(begun - Date.now(), signal);
  while (!signal.aborted) {
    const passed = await probeOnce(container, spec, ip);
    inARow = passed === last ? inARow + 1 : 1;
    last = passed;
    const failedLong =
      verdict === undefined ? Date.now() - begun > patienceMillis : inARow >= failureThreshold;
    const decided = passed ? inARow >= successThreshold : failedLong;
    if (decided && passed !== verdict && !isOver(signal)) {
      verdict = passed;
      onVerdict(passed);
    }
    await pause(verdict === undefined ? eagerMillis : periodSeconds * 1000, signal);
  }
}

/** Asked anew after something was waited for, as the compiler cannot know. */
function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  if (millis <= 0) return;
  await delay(millis, undefined, { signal }).catch(() => undefined);
}

/** Commands and gRPC are not run: such a probe asks whether anybody listens, or passes where it names no port. */
function probeOnce(container: Container, spec: ProbeSpec, ip: string): Promise<boolean> {
  const timeout = (spec.timeoutSeconds ?? 1) * 1000;
  if (spec.httpGet !== undefined) {
    const { path = '/', port, scheme = 'HTTP' } = spec.httpGet;
    const url = `${scheme.toLowerCase()}://${ip}:${portNumber(container, port)}${path}`;
    return answersWell(url, timeout);
  }
  if (spec.tcpSocket !== undefined) {
    return isOpen(ip, portNumber(container, spec.tcpSocket.port), timeout);
  }
  return Promise.resolve(true);
}

function answersWell(url: string, timeout: number): Promise<boolean> {
  const isHttps = url.startsWith('https:');
  return new Promise((resolve) => {
    // As a kubelet does, which cannot know the certificate of a pod.
    const options = { timeout, agent: false, ...(isHttps && { rejectUnauthorized: false }) };
    const outgoing = (isHttps ? requestHttps : requestHttp)(url, options, (reply) => {
      reply.resume();
      const { statusCode = 0 } = reply;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    outgoing.once('timeout', () => outgoing.destroy());
    outgoing.once('error', () => {
      resolve(false);
    });
    outgoing.once('close', () => {
      resolve(false);
    });
    outgoing.end();
  });
}

function isOpen(host: string, port: number, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('timeout', () => {
      settle(false);
    });
    socket.once('error', () => {
      settle(false);
    });
  });
}
