import type { Source } from '@manara/residency';

/** A limit on the vCPUs that an account runs in a region. */
export interface VcpuQuota {
  /** AWS's name for it, as Service Quotas shows it. */
  readonly name: string;
  /** AWS's code for it in the service `ec2`. */
  readonly code: string;
}

interface FamilyQuotas {
  /** First letters of the instance families that it counts. */
  readonly families: readonly string[];
  readonly onDemand: VcpuQuota;
  /** @default - not known: AWS has split it */
  readonly spot?: VcpuQuota;
}

/** Quotas by the family of the instance type. */
export const vcpuQuotas: readonly FamilyQuotas[] = [
  {
    families: ['a', 'c', 'd', 'h', 'i', 'm', 'r', 't', 'z'],
    onDemand: {
      name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
      code: 'L-1216C47A',
    },
    spot: {
      name: 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
      code: 'L-34B43A08',
    },
  },
  {
    families: ['g', 'vt'],
    onDemand: { name: 'Running On-Demand G and VT instances', code: 'L-DB2E81BA' },
    spot: { name: 'All G and VT Spot Instance Requests', code: 'L-3819A6DF' },
  },
  {
    families: ['p'],
    onDemand: { name: 'Running On-Demand P instances', code: 'L-417A185B' },
  },
];

/** Names and codes agree in many public programs; AWS's own list is behind a login. */
export const vcpuQuotaSource: Source = {
  title: 'Amazon EC2 service quotas: names and codes of the vCPU limits',
  where: 'public programs that ask for increases, on GitHub',
  standing: 'secondary',
  read: '2026-11-22',
};

/** The quota that an instance type counts against; nothing for a family that the table lacks. */
export function quotaOf(instanceType: string, spot: boolean): VcpuQuota | undefined {
  const letters = /^[a-z]+/.exec(instanceType)?.[0] ?? '';
  const found = vcpuQuotas.find(({ families }) => families.includes(quotaFamily(letters)));
  return spot ? found?.spot : found?.onDemand;
}

/** `im` and `is` count with `i`; `vt` and `x` are families of their own. */
function quotaFamily(letters: string): string {
  return letters.startsWith('vt') ? 'vt' : letters.charAt(0);
}
