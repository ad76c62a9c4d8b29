import { awsTypes, documented, type PolicyRule } from '../policy-rule';
import { at, list } from '../read';

/** The API server of a cluster is reached from its network only. AWS opens it to the internet by default. */
export const eksEndpointIsPrivate: PolicyRule = {
  id: 'eks-endpoint-is-private',
  title: 'the API server of an EKS cluster is private',
  sources: [
    documented(
      awsTypes,
      'eks.Cluster, vpcConfig: endpointPublicAccess is true by default, for 0.0.0.0/0',
    ),
  ],
  types: ['aws:eks:Cluster'],
  *check({ props }) {
    const access = at(props.vpcConfig, 'endpointPublicAccess');
    if (access === false) return;
    const received = access === true ? 'true' : 'none, which means true';
    const cidrs = list(at(props.vpcConfig, 'publicAccessCidrs')).map(String);
    const open = cidrs.length === 0 ? '0.0.0.0/0' : cidrs.join(', ');
    yield {
      because: `vpcConfig.endpointPublicAccess: expected false, received ${received}, for ${open}`,
      fix: 'vpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true, … }',
    };
  },
};
