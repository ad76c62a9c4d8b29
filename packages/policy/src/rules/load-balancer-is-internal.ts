import { awsTypes, documented, type Breach, type PolicyRule } from '../policy-rule';
import { at, text } from '../read';

/** Annotations by which a controller makes a Service's load balancer internal. */
const internal: readonly (readonly [string, string])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal'],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', 'true'],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', 'true'],
];

/** A load balancer has no public address. Advisory: callers may have to come in from outside. */
export const loadBalancerIsInternal: PolicyRule = {
  id: 'load-balancer-is-internal',
  title: 'a load balancer has no public address',
  sources: [
    documented(awsTypes, 'lb.LoadBalancer, internal: false by default'),
    {
      title: 'Service with external load balancer: annotations that make it internal',
      where: 'docs.datadoghq.com, IaC rules for Kubernetes',
      standing: 'secondary',
      read: '2026-11-22',
    },
    {
      title: 'Network Load Balancer: aws-load-balancer-scheme',
      where: 'kubernetes-sigs.github.io/aws-load-balancer-controller',
      standing: 'primary',
      read: '2026-11-22',
    },
  ],
  types: [
    'aws:lb:LoadBalancer',
    'aws:alb:LoadBalancer',
    'aws:elb:LoadBalancer',
    'kubernetes:core:Service',
  ],
  enforcement: 'advisory',
  *check({ type, props }): Generator<Breach> {
    if (type === 'kubernetes:core:Service') {
      if (at(props.spec, 'type') !== 'LoadBalancer') return;
      const annotations = at(props.metadata, 'annotations');
      if (internal.some(([key, value]) => text(at(annotations, key)) === value)) return;
      yield {
        because: 'spec.type: LoadBalancer, and no annotation says that it is internal',
        fix: `annotate it, for example ${internal.map(([key, value]) => `${key}: "${value}"`).join(' or ')}`,
      };
    } else if (props.internal !== true) {
      yield { because: 'internal: expected true, received none or false', fix: 'internal: true' };
    }
  },
};
