import { late } from '@manara/constructs';
import { deploy } from '@manara/pulumi';
import { Provider } from '@pulumi/kubernetes/provider';
import { Config, StackReference } from '@pulumi/pulumi';
import { App } from 'cdk8s';
import { bank, type BankInputs } from './bank';

/** The program that `Pulumi.yaml` runs: the same tree, with addresses that another stack knows. */
const config = new Config();
const infrastructure = new StackReference(config.require('infrastructure'));
const fromInfrastructure = (name: keyof BankInputs): string =>
  late(name, infrastructure.requireOutput(name));

const app = new App();
bank(app, {
  modelBucket: fromInfrastructure('modelBucket'),
  modelReaderRole: fromInfrastructure('modelReaderRole'),
  awsRegistry: fromInfrastructure('awsRegistry'),
  azureRegistry: fromInfrastructure('azureRegistry'),
});

deploy(app, {
  providers: {
    'aws-me-central-1': new Provider('aws-me-central-1', { context: config.require('awsContext') }),
    'azure-uaenorth': new Provider('azure-uaenorth', { context: config.require('azureContext') }),
  },
});
