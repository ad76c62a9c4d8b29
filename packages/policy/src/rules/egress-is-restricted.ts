import { awsTypes, azureTypes, type Breach, documented, type PolicyRule } from '../policy-rule';
import { at, each, list, text } from '../read';
import { inTurn } from '../unknown-value';

const everywhere: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0', '*', 'Internet']);

/** A network opens no way out to everywhere. Advisory: a mesh or a firewall behind it may hold the traffic. */
export const egressIsRestricted: PolicyRule = {
  id: 'egress-is-restricted',
  title: 'a network opens no way out to the whole internet',
  sources: [
    documented(awsTypes, 'ec2.SecurityGroup, ec2.SecurityGroupRule, vpc.SecurityGroupEgressRule'),
    documented(azureTypes, 'network.NetworkSecurityGroup, network.SecurityRule'),
  ],
  types: [
    'aws:ec2:SecurityGroup',
    'aws:ec2:DefaultSecurityGroup',
    'aws:ec2:SecurityGroupRule',
    'aws:vpc:SecurityGroupEgressRule',
    'azure-native:network:NetworkSecurityGroup',
    'azure-native:network:SecurityRule',
  ],
  enforcement: 'advisory',
  *check({ type, props }) {
    switch (type) {
      case 'aws:ec2:SecurityGroupRule':
        if (props.type === 'egress') yield* opened('', props);
        return;
      case 'aws:vpc:SecurityGroupEgressRule':
        yield* opened('', props);
        return;
      case 'azure-native:network:SecurityRule':
        yield* outbound('', props);
        return;
      case 'azure-native:network:NetworkSecurityGroup':
        yield* each(props.securityRules, (rule, i) => outbound(`securityRules.${i}.`, rule));
        return;
      default:
        yield* each(props.egress, (rule, i) => opened(`egress.${i}.`, rule));
    }
  },
};

/** A rule of a security group of AWS, in any of its spellings. */
function opened(path: string, rule: unknown): Iterable<Breach> {
  return inTurn(
    ['cidrBlocks', 'ipv6CidrBlocks', 'cidrIpv4', 'cidrIpv6'].map(
      (key) => () => ranges(`${path}${key}`, at(rule, key)),
    ),
  );
}

function* outbound(path: string, rule: unknown): Generator<Breach> {
  if (at(rule, 'direction') !== 'Outbound' || at(rule, 'access') !== 'Allow') return;
  for (const key of ['destinationAddressPrefix', 'destinationAddressPrefixes']) {
    yield* ranges(`${path}${key}`, at(rule, key));
  }
}

function* ranges(path: string, value: unknown): Generator<Breach> {
  for (const range of list(value).map(text)) {
    if (range === undefined || !everywhere.has(range)) continue;
    yield {
      because: `${path}: "${range}" is everywhere`,
      fix: 'name the ranges of what is called, or reach it by a private endpoint',
    };
  }
}
