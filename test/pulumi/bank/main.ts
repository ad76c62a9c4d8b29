import { late } from '@manara/constructs';
import { bank } from '@manara/example-uae-bank';
import { App } from 'cdk8s';

/** The bank for `manara synth --values`: the tree of `pulumi up`, without Pulumi. */
export const app = new App();
bank(app, {
  modelBucket: late('modelBucket'),
  modelReaderRole: late('modelReaderRole'),
  awsRegistry: late('awsRegistry'),
  azureRegistry: late('azureRegistry'),
});
