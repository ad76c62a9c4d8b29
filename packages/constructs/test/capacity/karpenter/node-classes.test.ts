import assert from 'node:assert/strict';
import { App, Size } from 'cdk8s';
import { GpuDevices, GpuSharing, late, Provisioner } from '../../../src';
import { refuses } from '../../support/errors';
import { untyped } from '../../support/fixtures';
import { at, documentOf, documents } from '../../support/manifests';
import { awsSite, azureSite, cpuPool, gpuPool, karpenterAws, machines } from '../../support/pools';

describe('EC2NodeClass', () => {
  it('is Bottlerocket with encrypted disks, without public addresses, and metadata one hop away', () => {
    const app = new App();
    gpuPool(awsSite(app), { diskSize: Size.gibibytes(200) });
    const disk = (deviceName: string, volumeSize: string) => ({
      deviceName,
      ebs: {
        volumeType: 'gp3',
        volumeSize,
        encrypted: true,
        kmsKeyID: 'arn:aws:kms:me-central-1:111122223333:key/disks',
        deleteOnTermination: true,
      },
    });
    assert.deepEqual(documentOf(app, 'EC2NodeClass', 'gpus').spec, {
      amiSelectorTerms: [{ alias: 'bottlerocket@v1.55.0' }],
      instanceProfile: 'bank-node',
      subnetSelectorTerms: [{ id: 'subnet-0a1b' }, { id: 'subnet-0c2d' }],
      securityGroupSelectorTerms: [{ id: 'sg-0e3f' }],
      associatePublicIPAddress: false,
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [disk('/dev/xvda', '4Gi'), disk('/dev/xvdb', '200Gi')],
    });
  });

  it('takes what is known only after deployment', () => {
    const app = new App();
    const provisioner = Provisioner.karpenterAws({
      bottlerocket: 'v1.55.0',
      instanceProfile: late('profile'),
      subnetIds: [late('subnet')],
      securityGroupIds: [late('group')],
      diskKeyArn: late('key'),
      tags: { cost: '42' },
    });
    cpuPool(awsSite(app), { provisioner });
    const values = { profile: 'p', subnet: 'subnet-0f', group: 'sg-0f', key: 'arn:key' };
    const { spec } = documentOf(app, 'EC2NodeClass', 'web', 'dubai', values);
    assert.equal(at(spec, 'instanceProfile'), 'p');
    assert.deepEqual(at(spec, 'subnetSelectorTerms'), [{ id: 'subnet-0f' }]);
    assert.deepEqual(at(spec, 'tags'), { cost: '42' });
  });

  const userData = (sharing: GpuSharing, instanceType = 'g6.xlarge'): unknown => {
    const app = new App();
    gpuPool(awsSite(app), { instanceTypes: [instanceType], sharing });
    return at(documentOf(app, 'EC2NodeClass', 'gpus'), 'spec', 'userData');
  };

  it('tells Bottlerocket’s own device plugin how GPUs are shared', () => {
    assert.equal(userData(GpuSharing.none()), undefined);
    assert.equal(
      userData(GpuSharing.timeSlicing(4)),
      `[settings.kubelet-device-plugins.nvidia]
device-sharing-strategy = "time-slicing"

[settings.kubelet-device-plugins.nvidia.time-slicing]
replicas = 4
rename-by-default = false
fail-requests-greater-than-one = true
`,
    );
    assert.equal(
      userData(GpuSharing.mig('1g.18gb'), 'p5en.48xlarge'),
      `[settings.kubelet-device-plugins.nvidia]
device-partitioning-strategy = "mig"

[settings.kubelet-device-plugins.nvidia.mig.profile]
"h200.141gb" = "1g.18gb"
`,
    );
  });

  it('comes with what tells Karpenter how many pods shared GPUs take, for each count', () => {
    const app = new App();
    gpuPool(awsSite(app), {
      instanceTypes: ['g6.xlarge', 'g6.2xlarge', 'g6.12xlarge'],
      sharing: GpuSharing.timeSlicing(4),
    });
    const overlays = documents(app).filter(({ kind }) => kind === 'NodeOverlay');
    assert.deepEqual(
      overlays.map(({ metadata, spec }) => [
        at(metadata, 'name'),
        at(spec, 'capacity'),
        at(spec, 'requirements', 0, 'values'),
        at(spec, 'requirements', 1, 'values'),
      ]),
      [
        ['gpus-1', { 'nvidia.com/gpu': 4 }, ['gpus'], ['g6.xlarge', 'g6.2xlarge']],
        ['gpus-4', { 'nvidia.com/gpu': 16 }, ['gpus'], ['g6.12xlarge']],
      ],
    );
  });
});

describe('AKSNodeClass', () => {
  const azure = Provisioner.karpenterAzure({
    subnetId:
      '/subscriptions/1/resourceGroups/serving/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes',
    tags: { cost: '42' },
  });
  const gpus = {
    instanceTypes: ['Standard_NC24ads_A100_v4'],
    offerings: machines,
    devices: GpuDevices.operator(),
  } as const;

  it('is Ubuntu with GPUs, and Azure Linux without, its disks encrypted on their host', () => {
    const app = new App();
    const site = azureSite(app);
    gpuPool(site, { ...gpus, provisioner: azure });
    const sizes = ['Standard_D8s_v5'] as const;
    const provisioner = Provisioner.karpenterAzure();
    cpuPool(site, { instanceTypes: sizes, offerings: machines, provisioner });
    assert.deepEqual(documentOf(app, 'AKSNodeClass', 'gpus'), {
      apiVersion: 'karpenter.azure.com/v1beta1',
      kind: 'AKSNodeClass',
      metadata: {
        name: 'gpus',
        labels: {
          'app.kubernetes.io/part-of': 'bank',
          'app.kubernetes.io/managed-by': 'manara',
          'manara.dev/site': 'abu-dhabi',
          'manara.dev/pool': 'gpus',
        },
      },
      spec: {
        imageFamily: 'Ubuntu',
        osDiskSizeGB: 100,
        vnetSubnetID: azure.mode.kind === 'karpenter-azure' ? azure.mode.props.subnetId : '',
        security: { encryptionAtHost: true },
        tags: { cost: '42' },
      },
    });
    assert.deepEqual(documentOf(app, 'AKSNodeClass', 'web').spec, {
      imageFamily: 'AzureLinux',
      osDiskSizeGB: 100,
      security: { encryptionAtHost: true },
    });
  });
});

describe('Provisioner', () => {
  const aws = {
    bottlerocket: 'v1.55.0',
    instanceProfile: 'p',
    subnetIds: ['subnet-0a'],
    securityGroupIds: ['sg-0a'],
    diskKeyArn: 'arn:key',
  };
  for (const [title, props, ...texts] of [
    [
      'the latest release, which would replace nodes by itself',
      { bottlerocket: 'latest' },
      'bottlerocket: expected a release such as v1.55.0',
      'received "latest"',
    ],
    [
      'no subnet',
      { subnetIds: [] },
      'subnetIds: expected ids such as subnet-0a1b2c3d; received []',
    ],
    [
      'what is no subnet',
      { subnetIds: ['net'] },
      'subnetIds: expected ids such as subnet-0a1b2c3d; received "net"',
    ],
    [
      'what is no group',
      { securityGroupIds: ['*'] },
      'securityGroupIds: expected ids such as sg-0a1b2c3d; received "*"',
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      refuses(
        () => Provisioner.karpenterAws({ ...aws, ...props }),
        'MANARA_CAPACITY',
        '[Provisioner.karpenterAws]',
        ...texts,
      );
    });
  }

  it('refuses what is no subnet of Azure, and props of another kind', () => {
    refuses(
      () => Provisioner.karpenterAzure({ subnetId: 'nodes' }),
      'MANARA_CAPACITY',
      'subnetId: expected /subscriptions/',
      'received "nodes"',
    );
    refuses(() => Provisioner.karpenterAws(untyped({})), 'MANARA_PROP', 'bottlerocket');
    assert.equal(karpenterAws.mode.kind, 'karpenter-aws');
  });
});
