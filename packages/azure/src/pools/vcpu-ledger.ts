import { type CloudKind, QuotaLedger, refuseArg } from '@manara/pulumi';
import { capability, type VmSku } from './vm-sku';

/**
 * vCPUs that a subscription may run at a location, by the names that `az vm list-usage` prints: those of
 * families, `cores` for all machines and `lowPriorityCores` for all spot machines.
 */
export type Quotas = Readonly<Record<string, number>>;

/** What a pool may grow to. */
export interface PoolDemand {
  /** Its size; none where nobody asked Azure. */
  readonly sku: VmSku | undefined;
  /** Nodes that Azure may not take back. */
  readonly nodes: number;
  /** Nodes that it may. */
  readonly spotNodes: number;
  /** Limit of the family that the pool itself states. */
  readonly quotaVcpus?: number;
}

const regional = ['cores', 'lowPriorityCores'] as const;

/** The vCPUs that a subscription may run, and what a cluster's pools may already grow to. */
export class VcpuLedger {
  readonly #ledger: QuotaLedger;
  readonly #names: ReadonlyMap<string, string>;

  /**
   * @param offerings whose families the names are held to
   * @throws DeployError MANARA_ARGS for a quota that is of no family, or no number of vCPUs
   */
  constructor(
    kind: CloudKind,
    name: string,
    quotas: Quotas = {},
    offerings: readonly VmSku[] = [],
  ) {
    const known = [...regional, ...new Set(offerings.map(({ family }) => family))];
    for (const [quota, vcpus] of Object.entries(quotas)) {
      if (!known.some((other) => bare(other) === bare(quota))) {
        const allowed = `names that az vm list-usage prints, of a family in offerings: ${known.join(', ')}`;
        refuseArg(kind, name, 'quotas', allowed, quota);
      }
      if (!Number.isSafeInteger(vcpus) || vcpus < 0) {
        refuseArg(kind, name, `quotas["${quota}"]`, 'whole vCPUs', vcpus);
      }
    }
    this.#names = new Map(Object.keys(quotas).map((quota) => [bare(quota), quota]));
    this.#ledger = new QuotaLedger(new Map(Object.entries(quotas)), 'Azure');
  }

  /**
   * Checks what a pool may grow to, on top of those before it. Nodes that an upgrade adds are not counted.
   *
   * @param arg the argument that says how many nodes
   * @returns what takes it, once the pool is registered
   * @throws DeployError MANARA_ARGS naming the quota, and for a quota whose need nothing says
   */
  check(kind: CloudKind, name: string, arg: string, demand: PoolDemand): () => void {
    const { sku, nodes, spotNodes, quotaVcpus } = demand;
    const each = sku === undefined ? 0 : capability(sku, 'vCPUs');
    if (sku === undefined || each === 0) {
      if (quotaVcpus === undefined && this.#names.size === 0) return () => undefined;
      const expected =
        'the sizes that the subscription can have, with their vCPUs, to check quotas against';
      refuseArg(kind, name, 'offerings', expected, sku?.name);
    }
    const family = this.#nameOf(sku.family);
    if (quotaVcpus !== undefined) this.#checkOwn(kind, name, { family, each, nodes, quotaVcpus });
    return this.#ledger.check(
      kind,
      name,
      arg,
      new Map([
        [family, nodes * each],
        [this.#nameOf('cores'), nodes * each],
        [this.#nameOf('lowPriorityCores'), spotNodes * each],
      ]),
    );
  }

  /** As it is spelled in the quotas, or else as it is given. */
  #nameOf(quota: string): string {
    return this.#names.get(bare(quota)) ?? quota;
  }

  #checkOwn(
    kind: CloudKind,
    name: string,
    {
      family,
      each,
      nodes,
      quotaVcpus,
    }: {
      readonly family: string;
      readonly each: number;
      readonly nodes: number;
      readonly quotaVcpus: number;
    },
  ): void {
    if (!Number.isSafeInteger(quotaVcpus) || quotaVcpus < 0) {
      refuseArg(kind, name, 'quotaVcpus', 'a whole number of vCPUs', quotaVcpus);
    }
    const taken = this.#ledger.taken(family);
    const needed = taken + each * nodes;
    if (needed <= quotaVcpus) return;
    refuseArg(
      kind,
      name,
      'quotaVcpus',
      `at least ${needed} for ${nodes} nodes with ${each} each, and ${taken} of other pools of ${family}; ask Azure to raise the limit, or lower the number of nodes`,
      quotaVcpus,
    );
  }
}

/** The list of sizes writes `standardDSv5Family`, that of usage `Standard DSv5 Family` for some. */
function bare(quota: string): string {
  return quota.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
