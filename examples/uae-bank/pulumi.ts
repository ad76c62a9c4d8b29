import { late } from '@manara/constructs';
import { deploy } from '@manara/pulumi';
import { Provider } from '@pulumi/kubernetes/provider';
import { Config, RunError, StackReference } from '@pulumi/pulumi';
import { App } from 'cdk8s';
import { bank, type BankInputs, type FraudVersion } from './bank';

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
  fraudVersion: fraudVersion(config.requireNumber('fraudVersion')),
});

// Without the option the provider deletes a ConfigMap that changes, and makes it anew.
const cluster = (site: string, context: string): Provider =>
  new Provider(site, { context: config.require(context), enableConfigMapMutable: true });

deploy(app, {
  providers: {
    'aws-me-central-1': cluster('aws-me-central-1', 'awsContext'),
    'azure-uaenorth': cluster('azure-uaenorth', 'azureContext'),
  },
});

function fraudVersion(value: number): FraudVersion {
  if (value === 1 || value === 2) return value;
  throw new RunError(`config fraudVersion: expected 1 or 2, received ${value}`);
}
