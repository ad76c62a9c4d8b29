import type { PolicyRule } from '../policy-rule';

/** Resources that make others, out of a text that is rendered after this check. */
const opaque: Readonly<Record<string, string>> = {
  'kubernetes:helm.sh:Release': 'kubernetes.helm.v4.Chart, which renders in the program',
  'aws:cloudformation:Stack': 'resources of @pulumi/aws',
  'aws:cloudformation:StackSet': 'resources of @pulumi/aws',
  'aws:cloudformation:StackSetInstance': 'resources of @pulumi/aws',
  'aws:cloudcontrol:Resource': 'the resource of @pulumi/aws',
  'azure-native:resources:Deployment': 'resources of @pulumi/azure-native',
  'azure-native:resources:DeploymentStackAtResourceGroup': 'resources of @pulumi/azure-native',
  'azure-native:resources:DeploymentStackAtSubscription': 'resources of @pulumi/azure-native',
  'azure-native:resources:DeploymentAtSubscriptionScope': 'resources of @pulumi/azure-native',
  'azure-native:resources:Resource': 'the resource of @pulumi/azure-native',
};

/** What makes other resources out of a template hides them from every other rule. */
export const templateIsReadable: PolicyRule = {
  id: 'template-is-readable',
  title: 'every resource can be read before it is made',
  sources: [
    {
      title: 'Policies see the resources that Pulumi registers, and not what these create in turn',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  types: Object.keys(opaque),
  *check({ type }) {
    yield {
      because: `${type} makes resources that no policy sees`,
      fix: `use ${opaque[type] ?? 'the resources themselves'}`,
    };
  },
};
