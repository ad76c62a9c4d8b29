import { deploy } from '@manara/pulumi';
import { App } from 'cdk8s';
import { awsCloud } from './aws';
import { azureCloud } from './azure';
import { bank } from './bank';
import { type Clouds, existingClouds } from './clouds';
import { type NewClusters, readConfiguration } from './configuration';
import { bankZone } from './zone';

/** The program that `Pulumi.yaml` runs: the bank, and the clouds that it stands in. */
const configuration = readConfiguration();
const app = new App();
const zone = bankZone(app);

const { aws, azure } =
  configuration.clusters === 'create' ? newClouds(configuration) : existingClouds(configuration);

const uaeBank = bank(zone, { aws, azure }, configuration);
aws.admit(uaeBank);
azure.admit(uaeBank);

const deployed = deploy(app, {
  providers: { 'aws-me-central-1': aws.cluster, 'azure-uaenorth': azure.cluster },
});

/** For `manara synth --values`: what is known only after deployment, by name. */
export const { values } = deployed;

function newClouds(made: NewClusters): Clouds {
  const aws = awsCloud(zone, made);
  return { aws, azure: azureCloud(zone, made, aws) };
}
