import { type CloudKind, QuotaLedger, refuseArg } from '@manara/pulumi';
import { quotaOf, vcpuQuotas } from '../facts/vcpu-quotas';

/** vCPUs by the name of their quota, or by its code. */
export type Quotas = Readonly<Record<string, number>>;

/** What an instance group may grow to. */
export interface VcpuDemand {
  readonly instanceType: string;
  readonly spot: boolean;
  readonly vcpus: number;
}

/** The vCPUs that an account may run, and what a cluster's pools may already grow to. */
export class VcpuLedger {
  readonly #ledger: QuotaLedger;

  /** @throws DeployError MANARA_ARGS for a quota that is not known, or no number of vCPUs */
  constructor(kind: CloudKind, name: string, quotas: Quotas = {}) {
    const known = vcpuQuotas.flatMap(({ onDemand, spot }) =>
      spot === undefined ? [onDemand] : [onDemand, spot],
    );
    const limits = Object.entries(quotas).map(([key, vcpus]) => {
      const quota = known.find((q) => q.name === key || q.code === key);
      if (quota === undefined) {
        const names = known.map((q) => `"${q.name}" (${q.code})`).join(', ');
        refuseArg(kind, name, 'quotas', `names or codes of ${names}`, key);
      }
      if (!Number.isSafeInteger(vcpus) || vcpus < 0) {
        refuseArg(kind, name, `quotas["${key}"]`, 'whole vCPUs', vcpus);
      }
      return [quota.name, vcpus] as const;
    });
    this.#ledger = new QuotaLedger(new Map(limits), 'AWS');
  }

  /**
   * Checks what a pool may grow to, on top of those before it.
   *
   * @returns what takes it, once the pool is registered
   * @throws DeployError MANARA_ARGS naming the quota
   */
  check(kind: CloudKind, name: string, demands: readonly VcpuDemand[]): () => void {
    const wanted = new Map<string, number>();
    for (const { instanceType, spot, vcpus } of demands) {
      const quota = quotaOf(instanceType, spot);
      if (quota !== undefined) wanted.set(quota.name, (wanted.get(quota.name) ?? 0) + vcpus);
    }
    return this.#ledger.check(kind, name, 'nodes', wanted);
  }
}
