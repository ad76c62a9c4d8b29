import { basename, dirname } from 'node:path/posix';
import { container, tracesTrustVariable, trustVariable } from '@manara/contract';
import type { k8s } from 'cdk8s-plus-28';
import { tracesTarget } from '../../observability/watcher';
import type { Site } from '../../site';
import type { Workload } from '../lowering';

/** Variables of the bundled server that say whose certificates it trusts. */
export function trustEnvironment({ endpoint, site }: Workload): Readonly<Record<string, string>> {
  const { trust } = endpoint.server ?? {};
  return {
    ...(trust === undefined ? {} : { [trustVariable]: trust }),
    ...(tracesTarget(site)?.authoritySecret === undefined
      ? {}
      : { [tracesTrustVariable]: container.tracesAuthority }),
  };
}

/** The authority that the collector's certificate is signed by, and no key. */
export function tracesAuthority(
  site: Site,
): { readonly volume: k8s.Volume; readonly mount: k8s.VolumeMount } | undefined {
  const secretName = tracesTarget(site)?.authoritySecret;
  if (secretName === undefined) return undefined;
  const name = 'collector-authority';
  return {
    volume: {
      name,
      secret: {
        secretName,
        items: [{ key: 'ca.crt', path: basename(container.tracesAuthority) }],
        // Requests are answered before anybody sees spans of them.
        optional: true,
      },
    },
    mount: { name, mountPath: dirname(container.tracesAuthority), readOnly: true },
  };
}
