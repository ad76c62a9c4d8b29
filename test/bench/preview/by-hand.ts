import { readFileSync } from 'node:fs';
import type { Registered } from '@manara/pulumi-testing';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { Settings } from './settings';

type Class = new (
  name: string,
  args: never,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

const classes: Readonly<Record<string, Class>> = {
  'kubernetes:apps/v1:Deployment': k8s.apps.v1.Deployment,
  'kubernetes:autoscaling/v2:HorizontalPodAutoscaler': k8s.autoscaling.v2.HorizontalPodAutoscaler,
  'kubernetes:core/v1:Namespace': k8s.core.v1.Namespace,
  'kubernetes:core/v1:Service': k8s.core.v1.Service,
  'kubernetes:core/v1:ServiceAccount': k8s.core.v1.ServiceAccount,
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': k8s.networking.v1.NetworkPolicy,
  'kubernetes:policy/v1:PodDisruptionBudget': k8s.policy.v1.PodDisruptionBudget,
};

/**
 * The same resources, with the same names, parents and dependencies, from plain data: no less can be
 * written by hand, as a person's program also has to compute what stands in them.
 */
export function run({ MANARA_BENCH_RESOURCES }: Pick<Settings, 'MANARA_BENCH_RESOURCES'>): void {
  const text = readFileSync(MANARA_BENCH_RESOURCES, 'utf8');
  const made = new Map<string, pulumi.Resource>();
  const provider = new k8s.Provider('dubai', { enableConfigMapMutable: true });
  for (const resource of JSON.parse(text) as readonly Registered[]) {
    const { type, name, inputs } = resource;
    const Known = classes[type];
    const parent = made.get(resource.parent);
    if (Known === undefined) {
      const opts = parent === undefined ? { provider } : { parent };
      made.set(name, new pulumi.ComponentResource(type, name, {}, opts));
      continue;
    }
    const opts = {
      parent,
      dependsOn: resource.dependsOn.flatMap((other) => made.get(other) ?? []),
      ignoreChanges: [...resource.ignoreChanges],
    };
    made.set(name, new Known(name, inputs as never, opts));
  }
}
