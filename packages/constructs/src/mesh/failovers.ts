import type { Site } from '../site';

/** Requests of one site that another answers, where no pod of the first can. */
export interface Failover {
  readonly from: Site;
  readonly to: Site;
  /** Where the other site lets them in. */
  readonly address: string;
}

/**
 * From each site to every other, where both have a mesh with an east-west gateway and one trust domain. Sites
 * of other namespaces know their pods by other names, and are left out.
 */
export function failoversBetween(sites: readonly Site[]): readonly Failover[] {
  return sites.flatMap((from) =>
    sites.flatMap((to): readonly Failover[] => {
      const [own, other] = [from, to].map(({ mesh }) => mesh?.lowering.eastWest);
      if (from === to || own === undefined || other === undefined) return [];
      if (own.trustDomain !== other.trustDomain || from.namespaceName !== to.namespaceName) {
        return [];
      }
      return [{ from, to, address: other.address }];
    }),
  );
}
