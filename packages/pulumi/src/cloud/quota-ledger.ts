import { refuseArg } from './args';
import type { CloudKind } from './cloud-node';

/** What an account may run of something, and what the pools of a cluster may already grow to. */
export class QuotaLedger {
  readonly #limits: ReadonlyMap<string, number>;
  readonly #taken = new Map<string, number>();

  /**
   * @param limits vCPUs by the name of their quota; one that is not there is not checked
   * @param owner who can raise them: `AWS`
   */
  constructor(
    limits: ReadonlyMap<string, number>,
    readonly owner: string,
  ) {
    this.#limits = limits;
  }

  /**
   * Checks what a pool may grow to, on top of those before it.
   *
   * @param arg the argument to say it of: `nodes`
   * @param wanted vCPUs by the name of their quota
   * @returns what takes it, once the pool is registered
   * @throws DeployError MANARA_ARGS naming the quota
   */
  check(
    kind: CloudKind,
    name: string,
    arg: string,
    wanted: ReadonlyMap<string, number>,
  ): () => void {
    for (const [quota, vcpus] of wanted) {
      const limit = this.#limits.get(quota);
      const taken = this.taken(quota);
      if (limit === undefined || taken + vcpus <= limit) continue;
      refuseArg(
        kind,
        name,
        arg,
        `at most ${limit - taken} of the ${limit} vCPUs of the quota "${quota}", of which other pools may take ${taken}; ask ${this.owner} for more, or grow less`,
        vcpus,
      );
    }
    return () => {
      for (const [quota, vcpus] of wanted) this.#taken.set(quota, this.taken(quota) + vcpus);
    };
  }

  /** vCPUs of a quota that the pools so far may grow to. */
  taken(quota: string): number {
    return this.#taken.get(quota) ?? 0;
  }
}
