import {
  awsResource,
  azureResource,
  type Declared,
  kubernetesObject,
  passes,
  refused,
} from '../support/judge';

const inZone = '111122223333.dkr.ecr.me-central-1.amazonaws.com/fraud:1';

/** Each kind of resource that runs images, around one. */
const runners: Readonly<Record<string, (image: string) => Declared>> = {
  Pod: (image) => kubernetesObject('kubernetes:core/v1:Pod', { spec: { containers: [{ image }] } }),
  'Deployment, init container': (image) =>
    kubernetesObject('kubernetes:apps/v1:Deployment', {
      spec: {
        template: { spec: { containers: [{ image: inZone }], initContainers: [{ image }] } },
      },
    }),
  CronJob: (image) =>
    kubernetesObject('kubernetes:batch/v1:CronJob', {
      spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image }] } } } } },
    }),
  'a kind of its own': (image) =>
    kubernetesObject('kubernetes:argoproj.io/v1alpha1:Rollout', {
      spec: { template: { spec: { containers: [{ image }] } } },
    }),
  'ECS task': (image) =>
    awsResource('aws:ecs/taskDefinition:TaskDefinition', {
      containerDefinitions: JSON.stringify([{ name: 'fraud', image }]),
    }),
  'Batch job': (image) =>
    awsResource('aws:batch/jobDefinition:JobDefinition', {
      containerProperties: JSON.stringify({ image }),
    }),
  'SageMaker model': (image) =>
    awsResource('aws:sagemaker/model:Model', { primaryContainer: { image } }),
  'Lambda function': (image) => awsResource('aws:lambda/function:Function', { imageUri: image }),
  'Azure container app': (image) =>
    azureResource('azure-native:app:ContainerApp', { template: { containers: [{ image }] } }),
};

describe('images', () => {
  for (const [kind, run] of Object.entries(runners)) {
    it(`are found in a ${kind}`, async () => {
      await refused(
        'known-host-is-in-zone',
        run('docker.io/library/nginx:1.27'),
        /docker.io \(Docker Hub\) is in no fixed place/,
      );
      await passes(run(inZone));
    });
  }

  const pod = runners.Pod!;

  it('without a host come from Docker Hub', async () => {
    await refused('known-host-is-in-zone', pod('nginx'), /docker.io/);
  });

  it('of a registry abroad are refused', async () => {
    await refused(
      'flow-stays-in-zone',
      pod('111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:1'),
      /"image 111122223333\S+" is at aws:eu-west-1/,
    );
  });

  it('of a registry that gives no place away need to be told', async () => {
    await passes(pod('bank.azurecr.io/fraud:1'));
    await refused(
      'flow-is-declared',
      pod('registry.other.example/fraud:1'),
      /comes from registry.other.example, and nothing tells where that is\nfix: add located: \{ 'registry.other.example': '<place>' \}/,
    );
  });
});
