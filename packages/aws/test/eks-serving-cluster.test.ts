import assert from 'node:assert/strict';
import { auditTree, ImageRegistry, none, Site } from '@manara/constructs';
import { deploy, Site as PulumiSite } from '@manara/pulumi';
import { type Registered, settled } from '@manara/pulumi-testing';
import { App } from 'cdk8s';
import { uaeOfferings } from '../src';
import { home, inputsOf, lazily, record, tags, type UaePlace, zone } from './support/fixtures';
import { refuses, refusesAbroad } from './support/refusals';
import { admin, base, cluster, type Base, network } from './support/stack';

const region = 'me-central-1';
const ours = tags('EksServingCluster/dubai');

const usual = lazily(() =>
  record(() =>
    cluster(base(), {
      apiClients: ['10.40.0.0/24'],
      addonVersions: { coredns: 'v1.12.4-eksbuild.1' },
      access: {
        platform: { role: 'cluster-admin', principalArn: admin },
        fraud: { role: 'edit', principalArn: 'arn:fraud', namespaces: ['bank'] },
      },
    }),
  ),
);

async function inputs(type: string, name: string) {
  return inputsOf((await usual()).registered, type, name);
}

async function registered(name: string, type: string) {
  const found = (await usual()).registered.find((r) => r.name === name && r.type.endsWith(type));
  assert(found !== undefined);
  return found;
}

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
    },
  ],
});

describe('EksServingCluster', () => {
  it('answers within its network only, envelopes secrets and logs all that its control plane does', async () => {
    assert.deepEqual(await inputs('aws:eks/cluster:Cluster', 'dubai'), {
      name: 'dubai',
      version: '1.34',
      roleArn: 'arn:dubai-cluster',
      accessConfig: {
        authenticationMode: 'API',
        bootstrapClusterCreatorAdminPermissions: false,
      },
      bootstrapSelfManagedAddons: false,
      enabledClusterLogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
      encryptionConfig: { resources: ['secrets'], provider: { keyArn: 'arn:keys-secrets' } },
      kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: '172.20.0.0/16' },
      upgradePolicy: { supportType: 'STANDARD' },
      vpcConfig: {
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
        subnetIds: ['1', '2', '3'].map((n) => `net-workload-mec1-az${n}-id`),
      },
      region,
      tags: ours,
    });
  });

  it('has the group for its logs made before it, under the key for logs', async () => {
    assert.deepEqual(await inputs('aws:cloudwatch/logGroup:LogGroup', 'dubai-control-plane'), {
      name: '/aws/eks/dubai/cluster',
      kmsKeyId: 'arn:keys-logs',
      retentionInDays: 365,
      region,
      tags: ours,
    });
    const { dependsOn } = await registered('dubai', ':Cluster');
    for (const name of ['dubai-control-plane', 'dubai-cluster'])
      assert(dependsOn.includes(name), name);
  });

  it('acts as a role that may envelope secrets with that key, and no other', async () => {
    assert.deepEqual(await inputs('aws:iam/role:Role', 'dubai-cluster'), {
      description: 'Control plane of dubai',
      assumeRolePolicy: trust('eks.amazonaws.com'),
      tags: ours,
    });
    assert.deepEqual(
      await inputs('aws:iam/rolePolicyAttachment:RolePolicyAttachment', 'dubai-cluster'),
      {
        role: 'dubai-cluster-role',
        policyArn: 'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy',
      },
    );
    assert.deepEqual(await inputs('aws:iam/rolePolicy:RolePolicy', 'dubai-cluster'), {
      role: 'dubai-cluster-role',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'EnvelopeSecrets',
            Effect: 'Allow',
            Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:ListGrants'],
            Resource: 'arn:keys-secrets',
          },
        ],
      },
    });
  });

  it('gives nodes a role that joins and pulls, and the CNI one of its own', async () => {
    const { registered: all } = await usual();
    assert.deepEqual(
      (await inputs('aws:iam/role:Role', 'dubai-node')).assumeRolePolicy,
      trust('ec2.amazonaws.com'),
    );
    assert.deepEqual(
      all
        .filter(({ type }) => type === 'aws:iam/rolePolicyAttachment:RolePolicyAttachment')
        .map(({ inputs: { role, policyArn } }) => [role, policyArn])
        .sort(),
      [
        ['dubai-cluster-role', 'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy'],
        ['dubai-cni-role', 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy'],
        ['dubai-node-role', 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'],
        ['dubai-node-role', 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy'],
      ],
    );
  });

  const addon = (addonName: string, more: object = {}) => ({
    clusterName: 'dubai',
    addonName,
    resolveConflictsOnCreate: 'OVERWRITE',
    resolveConflictsOnUpdate: 'OVERWRITE',
    ...more,
    region,
    tags: ours,
  });

  it('enforces NetworkPolicies: the CNI is told to', async () => {
    assert.deepEqual(
      await inputs('aws:eks/addon:Addon', 'dubai-vpc-cni'),
      addon('vpc-cni', {
        configurationValues: { enableNetworkPolicy: 'true' },
        podIdentityAssociations: [{ serviceAccount: 'aws-node', roleArn: 'arn:dubai-cni' }],
      }),
    );
  });

  it('has its add-ons in an order that becomes healthy: network, nodes, DNS', async () => {
    assert.deepEqual(
      await inputs('aws:eks/addon:Addon', 'dubai-coredns'),
      addon('coredns', { addonVersion: 'v1.12.4-eksbuild.1' }),
    );
    assert.deepEqual(
      await inputs('aws:eks/addon:Addon', 'dubai-eks-pod-identity-agent'),
      addon('eks-pod-identity-agent'),
    );
    const dns = await registered('dubai-coredns', 'Addon');
    assert(dns.dependsOn.includes('dubai-system'));
    const nodes = await registered('dubai-system', 'NodeGroup');
    for (const name of ['dubai-vpc-cni', 'dubai-kube-proxy', 'dubai-eks-pod-identity-agent']) {
      assert(nodes.dependsOn.includes(name), name);
    }
  });

  it('has nodes for itself', async () => {
    assert.deepEqual(await inputs('aws:eks/nodeGroup:NodeGroup', 'dubai-system'), {
      clusterName: 'dubai',
      nodeRoleArn: 'arn:dubai-node',
      subnetIds: ['1', '2', '3'].map((n) => `net-workload-mec1-az${n}-id`),
      amiType: 'BOTTLEROCKET_x86_64',
      capacityType: 'ON_DEMAND',
      instanceTypes: ['m6i.large'],
      scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 },
      launchTemplate: { id: 'dubai-system-id', version: '3' },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      labels: { 'manara.dev/pool': 'system' },
      taints: [],
      region,
      tags: ours,
    });
  });

  it('lets in whom it is told to, with their roles, and nobody else', async () => {
    const { registered: all } = await usual();
    assert.deepEqual(
      all
        .filter(({ type }) => type === 'aws:eks/accessPolicyAssociation:AccessPolicyAssociation')
        .map(({ inputs: { principalArn, policyArn, accessScope } }) => [
          principalArn,
          policyArn,
          accessScope,
        ]),
      [
        [
          admin,
          'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
          { type: 'cluster' },
        ],
        [
          'arn:fraud',
          'arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy',
          { type: 'namespace', namespaces: ['bank'] },
        ],
      ],
    );
    assert.deepEqual(await inputs('aws:eks/accessEntry:AccessEntry', 'dubai-fraud'), {
      clusterName: 'dubai',
      principalArn: 'arn:fraud',
      type: 'STANDARD',
      region,
      tags: ours,
    });
  });

  it('opens its API to stated private ranges', async () => {
    assert.deepEqual(
      await inputs(
        'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
        'dubai-api-10.40.0.0-24',
      ),
      {
        description: 'API of the cluster',
        securityGroupId: 'sg-cluster',
        cidrIpv4: '10.40.0.0/24',
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        region,
        tags: ours,
      },
    );
  });

  it('is reached with a token that is made when it is needed: the kubeconfig holds no secret', async () => {
    const { result } = await usual();
    assert.deepEqual(JSON.parse(await settled(result.kubeconfig)), {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'dubai',
      clusters: [
        {
          name: 'dubai',
          cluster: { server: 'https://api.dubai', 'certificate-authority-data': 'Y2E=' },
        },
      ],
      contexts: [{ name: 'dubai', context: { cluster: 'dubai', user: 'dubai' } }],
      users: [
        {
          name: 'dubai',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: 'aws',
              args: ['eks', 'get-token', '--region', region, '--cluster-name', 'dubai'],
              interactiveMode: 'Never',
            },
          },
        },
      ],
    });
    const provider = await registered('dubai', 'pulumi:providers:kubernetes');
    for (const name of ['dubai-platform', 'dubai-coredns']) {
      assert(provider.dependsOn.includes(name), name);
    }
  });

  it('declares what rests in it and on its nodes, and its logs', async () => {
    const { result } = await usual();
    assert.deepEqual(
      auditTree(result.zone)
        .flatMap(({ flows }) => flows)
        .filter(({ owner }) => owner === 'bank/aws:EksServingCluster:dubai')
        .map((flow) => flow.status === 'declared' && [flow.kind, flow.to.name, flow.to.place]),
      [
        ['storage', 'cluster dubai', home],
        ['storage', 'disks of the nodes of dubai', home],
        ['log', 'control plane logs of dubai', home],
      ],
    );
  });

  describe('allowPodIdentity', () => {
    const siteProps = (place: UaePlace) => ({
      place,
      images: new ImageRegistry({ place, prefix: 'registry.bank.example' }),
      logs: none('a test'),
      metrics: none('a test'),
      traces: none('a test'),
      backup: none('a test'),
    });
    const siteOf = ({ zone }: Base, place: UaePlace = home): Site<UaePlace> =>
      new Site(zone, 'site', siteProps(place));

    /** The policy that opens the way, as it is registered. */
    const policyIn = (registered: readonly Registered[]) =>
      registered.find(({ name }) => name === 'bank/site/pod-identity/policy');

    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'pod-identity', namespace: 'bank' },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ ipBlock: { cidr: '169.254.170.23/32' } }],
            ports: [{ protocol: 'TCP', port: 80 }],
          },
        ],
      },
    };

    it('opens the way to the agent in a site of the tree, which deploy registers', async () => {
      const { registered } = await record(() => {
        const app = new App();
        const on = base(zone(app));
        const made = cluster(on);
        made.allowPodIdentity(siteOf(on));
        deploy(app, { providers: { site: made.provider } });
      });
      const { type, inputs, provider } = policyIn(registered) ?? {};
      assert.equal(type, 'kubernetes:networking.k8s.io/v1:NetworkPolicy');
      assert.deepEqual(inputs, policy);
      assert.equal(provider, 'dubai');
    });

    it('opens it in a site of Pulumi, which is registered already', async () => {
      const { registered } = await record(() => {
        const on = base();
        const made = cluster(on);
        const site = new PulumiSite(
          'site',
          { zone: on.zone, ...siteProps(home) },
          { provider: made.provider },
        );
        made.allowPodIdentity(site);
      });
      assert.deepEqual(policyIn(registered), {
        type: 'kubernetes:networking.k8s.io/v1:NetworkPolicy',
        name: 'bank/site/pod-identity/policy',
        inputs: policy,
        parent: 'bank/site/pod-identity',
        provider: 'dubai',
        dependsOn: ['bank/site/namespace'],
        ignoreChanges: [],
      });
    });

    it('declares the way as a flow of the site', async () => {
      const { result } = await record(() => {
        const on = base();
        cluster(on).allowPodIdentity(siteOf(on));
        return on;
      });
      const [audit] = auditTree(result.zone);
      assert.deepEqual(audit?.violations, []);
      assert.deepEqual(
        audit.flows.filter(({ kind }) => kind === 'egress'),
        [
          {
            status: 'declared',
            kind: 'egress',
            owner: 'bank/site/pod-identity',
            dataClasses: [],
            from: { name: 'pods of bank/site', place: home },
            to: {
              name: 'agent of EKS Pod Identity on the same node',
              place: home,
              addresses: ['169.254.170.23/32'],
            },
            encryption: 'local',
          },
        ],
      );
    });

    it('refuses a site elsewhere', async () => {
      await record(() => {
        const on = base();
        const made = cluster(on);
        assert.throws(() => {
          made.allowPodIdentity(siteOf(on, 'azure:uaenorth'));
        }, /"dubai": site: expected one of zone "bank" at aws:me-central-1; received one of that zone at azure:uaenorth \(MANARA_PLACE\)$/);
      });
    });
  });

  refusesAbroad('dubai', (on) => cluster(on, { offerings: uaeOfferings }));

  const at = 'manara:aws:EksServingCluster "dubai":';
  const given = (args: object) => (on: Base) => cluster(on, args);
  const platform = { role: 'cluster-admin', principalArn: admin };
  refuses('dubai', [
    [
      'a version that is none',
      given({ version: '1.34.1' }),
      `${at} version: expected a minor version of Kubernetes such as 1.34; received "1.34.1" (MANARA_ARGS)`,
    ],
    [
      'a cluster that nobody administers',
      given({ access: { fraud: { ...platform, namespaces: ['bank'] } } }),
      `${at} access: expected someone with the role cluster-admin and no namespaces: who creates a cluster has no rights in it; received an object (MANARA_ARGS)`,
    ],
    [
      'a role that is none',
      given({ access: { platform: { ...platform, role: 'root' } } }),
      `${at} access["platform"].role: expected one of cluster-admin, admin, edit, view; received "root" (MANARA_ARGS)`,
    ],
    [
      'a grant for no namespace',
      given({ access: { platform, a: { ...platform, namespaces: [] } } }),
      `${at} access["a"].namespaces: expected at least one, or none given for all of the cluster; received [] (MANARA_ARGS)`,
    ],
    [
      'a name of a grant that is no part of a name',
      given({ access: { 'Platform team': platform } }),
      `${at} access: expected names of lower-case letters, digits and "-"; received "Platform team" (MANARA_ARGS)`,
    ],
    [
      'Services within the network’s range',
      given({ serviceCidr: '10.20.128.0/20' }),
      `${at} serviceCidr: expected a private range of /12 to /24, apart from 10.20.0.0/16 of the network; received "10.20.128.0/20" (MANARA_ARGS)`,
    ],
    [
      'Services where a peer of the network is',
      (on) => cluster(on, { network: network(on, { peers: { hub: '172.16.0.0/12' } }) }),
      `${at} serviceCidr: expected a range apart from 172.16.0.0/12 of "hub", which pods could not reach; received "172.20.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'Services where a client of its endpoints is',
      (on) =>
        cluster(on, {
          network: network(on, {
            endpointClients: { north: { place: 'azure:uaenorth', range: '172.20.8.0/22' } },
          }),
        }),
      `${at} serviceCidr: expected a range apart from 172.20.8.0/22 of "north", which pods could not reach; received "172.20.0.0/16" (MANARA_ARGS)`,
    ],
    [
      'an API that is open to the internet',
      given({ apiClients: ['0.0.0.0/0'] }),
      `${at} apiClients: expected private ranges such as 10.40.0.0/24; received "0.0.0.0/0" (MANARA_ARGS)`,
    ],
    [
      'an add-on that is not known',
      given({ addonVersions: { dns: 'v1' } }),
      `${at} addonVersions: expected some of vpc-cni, kube-proxy, eks-pod-identity-agent, coredns; received "dns" (MANARA_ARGS)`,
    ],
    [
      'no system nodes',
      given({ systemNodes: { nodes: { min: 0, max: 0 } } }),
      `${at} systemNodes.nodes: expected whole numbers of nodes, 1 ≤ min ≤ max ≤ 450 and 1 ≤ max; received "{\\"min\\":0,\\"max\\":0}" (MANARA_ARGS)`,
    ],
    [
      'system nodes of a type that is gone',
      given({ systemNodes: { instanceTypes: ['t3.large'] } }),
      `${at} systemNodes.instanceTypes: expected a type that aws:me-central-1 offers: c5, c5d, c6g, c6in, c7i, c8gn, i3, i3en, i4i, i7i, m5, m5d, m6g, m6gd, m6i, m7g, m7gd, m7i, m8g, r5, r5d, r6g, r6i, r7g, r7gd, r8g, r8i, x2idn, x2iezn; received "t3.large" (MANARA_ARGS)`,
    ],
    [
      'a quota that is not known',
      given({ quotas: { GPUs: 8 } }),
      `${at} quotas: expected names or codes of "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances" (L-1216C47A), "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests" (L-34B43A08), "Running On-Demand G and VT instances" (L-DB2E81BA), "All G and VT Spot Instance Requests" (L-3819A6DF), "Running On-Demand P instances" (L-417A185B); received "GPUs" (MANARA_ARGS)`,
    ],
    [
      'system nodes past the quota',
      given({ quotas: { 'L-1216C47A': 4 } }),
      `${at} nodes: expected at most 4 of the 4 vCPUs of the quota "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", of which other pools may take 0; ask AWS for more, or grow less; received 8 (MANARA_ARGS)`,
    ],
  ]);
});
