import { ModelEndpoint, ResidencyZone, Site } from '@manara/pulumi';
import { Provider } from '@pulumi/kubernetes/provider';
import { endpointProps, siteProps, zoneProps } from '../endpoint-props';
import type { Settings } from './settings';

/** The same endpoints, piece by piece, as components of Pulumi. */
export function run({ MANARA_BENCH_ENDPOINTS }: Pick<Settings, 'MANARA_BENCH_ENDPOINTS'>): void {
  const provider = new Provider('dubai', { enableConfigMapMutable: true });
  const zone = new ResidencyZone('bench', zoneProps);
  const site = new Site('dubai', { ...siteProps, zone }, { provider });
  for (let i = 0; i < Number(MANARA_BENCH_ENDPOINTS); i++) {
    const id = `model-${i}`;
    new ModelEndpoint(id, { ...endpointProps(id), zone, sites: [site] });
  }
}
