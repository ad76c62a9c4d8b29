import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { readHttpAnswer } from './http-answer';
import type { LoadJob } from './job';
import type { Recorder } from './recorder';

/**
 * Opens one connection for each request in flight, and sends on each the same bytes again as soon as
 * they are answered. The promise rejects on the first answer that is not 200, and resolves when the
 * recorder is no longer open and everything is answered.
 */
export async function loadHttp(job: LoadJob, recorder: Recorder): Promise<void> {
  const request = Buffer.from(job.request, 'base64');
  const sockets = await Promise.all(
    Array.from({ length: job.concurrency }, async () => {
      const socket = connect({ port: job.port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      return socket;
    }),
  );
  try {
    await Promise.all(sockets.map((socket) => repeat(socket, request, job, recorder)));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function repeat(
  socket: Socket,
  request: Buffer,
  { pauseMillis = 0 }: LoadJob,
  recorder: Recorder,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let received: Buffer | undefined;
    const send = () => {
      if (!recorder.open) {
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(request);
    };
    const receive = (chunk: Buffer) => {
      received = received === undefined ? chunk : Buffer.concat([received, chunk]);
      const answer = readHttpAnswer(received);
      if (answer === undefined) return;
      if (answer.status !== 200) {
        const body = received.toString('utf8', answer.bodyStart, answer.end);
        throw new Error(`answered ${answer.status}: ${body.slice(0, 500)}`);
      }
      if (answer.end !== received.length) throw new Error('answered more than was asked for');
      received = undefined;
      recorder.answered(sentAt);
      if (pauseMillis > 0) setTimeout(send, pauseMillis);
      else send();
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        receive(chunk);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('the server closed a connection'));
    });
    send();
  });
}
