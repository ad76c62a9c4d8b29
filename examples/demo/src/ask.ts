import type { DevServer } from '@manara/cli';
import { GrpcConnection } from './clients/grpc';
import type { InferenceClient } from './clients/inference';
import { restBinary, restJson } from './clients/rest';
import { type CheckedQuestion, fraudQuestion, ibanQuestion } from './questions';

/** Times that each question is asked; the median is shown. */
const repetitions = 5;

/** A row of the demo's table. */
export interface Answered {
  readonly endpoint: string;
  readonly version: number;
  readonly protocol: string;
  /** Median, in milliseconds. */
  readonly latencyMillis: number;
  readonly answer: string;
}

/** Asks both endpoints over every protocol. @throws Error for the first answer that is wrong */
export async function askAll({ addresses }: DevServer): Promise<readonly Answered[]> {
  const grpc = new GrpcConnection(addresses.grpc);
  const json = restJson(addresses.http);
  const binary = restBinary(addresses.http);
  const questions: readonly (readonly [CheckedQuestion, InferenceClient])[] = [
    [fraudQuestion(1, 'groceries'), json],
    [fraudQuestion(2, 'groceries'), json],
    [fraudQuestion(1, 'clonedCard'), binary],
    [fraudQuestion(2, 'clonedCard'), binary],
    [fraudQuestion(1, 'stolenNumber'), grpc.typed],
    [fraudQuestion(2, 'hotelAbroad'), grpc.raw],
    [ibanQuestion(), binary],
    [ibanQuestion(), grpc.raw],
  ];
  try {
    const answers: Answered[] = [];
    for (const [question, client] of questions) answers.push(await askOne(question, client));
    return answers;
  } finally {
    grpc.close();
  }
}

async function askOne(question: CheckedQuestion, client: InferenceClient): Promise<Answered> {
  const { model: endpoint, version } = question;
  const { protocol } = client;
  const latencies: number[] = [];
  let answer = '';
  for (let i = 0; i < repetitions; i += 1) {
    const begun = performance.now();
    try {
      const tensor = await client.ask(question);
      latencies.push(performance.now() - begun);
      answer = question.check(tensor);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${endpoint} version ${version} over ${protocol}: ${reason}`, {
        cause: error,
      });
    }
  }
  return { endpoint, version, protocol, latencyMillis: median(latencies), answer };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
