import { join } from 'node:path';
import { TaskThread } from '../http/task-thread';
import { type CoalitionPlan, planCoalitions } from './coalitions';
import { type SampledGame, type SampledShapley, sampledShapley } from './sampled-shapley';

/** The arithmetic of KernelSHAP, wherever it is done. */
export interface ShapleyMath {
  plan(features: number, coalitions: number, seed: number): Promise<CoalitionPlan>;
  solve(game: SampledGame): Promise<SampledShapley | undefined>;
}

export type MathTask =
  | {
      readonly kind: 'plan';
      readonly features: number;
      readonly coalitions: number;
      readonly seed: number;
    }
  | { readonly kind: 'solve'; readonly game: SampledGame };

export type MathReply =
  | { readonly kind: 'plan'; readonly plan: CoalitionPlan }
  | { readonly kind: 'solved'; readonly solution: SampledShapley | undefined }
  | { readonly kind: 'failed'; readonly detail: string };

/**
 * Work that is done on the I/O thread: some 5 ms. Coalitions times features to plan them, times the
 * features once more to solve for them (Node.js 20).
 */
const inline = { plan: 65_536, solve: 2 ** 20 } as const;

/** Does small arithmetic at once and large arithmetic in a thread apart. */
export class MathThread {
  private readonly thread = new TaskThread<MathTask, MathReply>(join(__dirname, 'math-thread.js'));

  /** @param left - aborted once nobody waits for the answer any more. */
  for(left: AbortSignal): ShapleyMath {
    return {
      plan: async (features, coalitions, seed) => {
        if (features * coalitions <= inline.plan) return planCoalitions(features, coalitions, seed);
        const reply = await this.run({ kind: 'plan', features, coalitions, seed }, left);
        if (reply.kind !== 'plan') throw new Error(`math thread answered ${reply.kind} to plan`);
        return reply.plan;
      },
      solve: async (game) => {
        const { features, count } = game.plan;
        if (features ** 2 * count <= inline.solve) return sampledShapley(game);
        const reply = await this.run({ kind: 'solve', game }, left);
        if (reply.kind !== 'solved') throw new Error(`math thread answered ${reply.kind} to solve`);
        return reply.solution;
      },
    };
  }

  async close(): Promise<void> {
    await this.thread.close();
  }

  private async run(task: MathTask, left: AbortSignal): Promise<MathReply> {
    const reply = await this.thread.run(task, [], left);
    if (reply.kind === 'failed') throw new Error(reply.detail);
    return reply;
  }
}
