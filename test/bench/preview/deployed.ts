import { deploy } from '@manara/pulumi';
import { Provider } from '@pulumi/kubernetes/provider';
import { endpoints } from '../synth-program';
import type { Settings } from './settings';

/** A tree of cdk8s, deployed. */
export function run({ MANARA_BENCH_ENDPOINTS }: Pick<Settings, 'MANARA_BENCH_ENDPOINTS'>): void {
  const provider = new Provider('dubai', { enableConfigMapMutable: true });
  deploy(endpoints(Number(MANARA_BENCH_ENDPOINTS)), { provider });
}
