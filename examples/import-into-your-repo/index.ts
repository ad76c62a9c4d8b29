import { Bucket } from '@pulumi/aws/s3';
import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { Namespace } from '@pulumi/kubernetes/core/v1';
import { Provider } from '@pulumi/kubernetes/provider';
import { Config } from '@pulumi/pulumi';
import { fraudModel } from './fraud';

const config = new Config();
const images = config.require('images');

// What the team has had for years.
const cluster = new Provider('cluster', {
  context: config.require('context'),
  enableConfigMapMutable: true,
});
const statements = new Bucket('statements', { region: 'me-central-1' });
const payments = new Namespace(
  'payments',
  { metadata: { name: 'payments' } },
  { provider: cluster },
);
const labels = { app: 'payments' };
new Deployment(
  'payments',
  {
    metadata: { name: 'payments', namespace: payments.metadata.name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'payments',
              image: `${images}/payments:7`,
              env: [
                { name: 'STATEMENTS', value: statements.bucket },
                { name: 'FRAUD', value: 'http://fraud.fraud-models:8000/v2/models/fraud/infer' },
              ],
            },
          ],
        },
      },
    },
  },
  { provider: cluster },
);

// What is new: a model that the payments service asks.
const fraud = fraudModel({
  cluster,
  images,
  oidcProvider: config.require('oidcProvider'),
  callers: 'payments',
});

export const modelBucket = fraud.bucket.bucketName;
/** Where the cluster's nodes have to be: the weights' endpoints let no other network in. */
export const workloadSubnets = fraud.network.workloadSubnetIds;
