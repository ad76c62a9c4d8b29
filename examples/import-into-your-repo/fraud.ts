import { ModelBucket, ServingKeys, ServingNetwork } from '@manara/aws';
import * as manara from '@manara/pulumi';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Role, RolePolicy } from '@pulumi/aws/iam';
import type { Provider } from '@pulumi/kubernetes/provider';
import { interpolate, jsonStringify } from '@pulumi/pulumi';
import { Duration } from 'cdk8s';

export interface FraudModelArgs {
  /** The cluster that serves it. */
  readonly cluster: Provider;
  /** Registry that the cluster's nodes pull from. */
  readonly images: string;
  /** ARN of the cluster's OpenID Connect provider. */
  readonly oidcProvider: string;
  /** Namespace whose pods may ask it. */
  readonly callers: string;
}

export interface FraudModel {
  readonly bucket: ModelBucket<'aws:me-central-1'>;
  readonly network: ServingNetwork<'aws:me-central-1'>;
  readonly endpoint: manara.ModelEndpoint<'aws:me-central-1'>;
}

const place = 'aws:me-central-1';

/** A model of fraud in card payments, and the bucket that its weights are published in. */
export function fraudModel({ cluster, images, oidcProvider, callers }: FraudModelArgs): FraudModel {
  const zone = new manara.ResidencyZone('fraud-models', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: [place],
    data: [DataClass.PERSONAL],
  });
  const keys = new ServingKeys('fraud-keys', { zone, place });
  const network = new ServingNetwork('fraud-network', {
    zone,
    place,
    keys,
    cidr: '10.20.0.0/16',
    availabilityZones: ['mec1-az1', 'mec1-az2'],
  });
  const bucket = new ModelBucket('fraud-weights', { zone, place, keys, network });
  const reader = weightsReader(bucket, keys, oidcProvider);

  const site = new manara.Site(
    'dubai',
    {
      zone,
      place,
      images: new manara.ImageRegistry({ place, prefix: images }),
      logs: manara.none('read on the nodes'),
      metrics: manara.none('not collected yet'),
      traces: manara.none('one service'),
      backup: manara.none('every version is locked in the bucket'),
    },
    { provider: cluster },
  );
  const weights = new manara.ModelArtifact({
    bucket: new manara.ModelBucket({
      place,
      uri: interpolate`s3://${bucket.bucketName}`,
      peer: network.endpoints,
      readerAnnotations: { 'eks.amazonaws.com/role-arn': reader.arn },
    }),
    key: 'fraud/1/model.onnx',
    // Put those of your own file here: `sha256sum model.onnx`, `stat --format %s model.onnx`.
    sha256: '0'.repeat(64),
    sizeBytes: 1_048_576,
  });
  const endpoint = new manara.ModelEndpoint('fraud', {
    zone,
    versions: [new manara.ModelVersion(1, weights)],
    engine: manara.ServingEngine.onnx(),
    sites: [site],
    standby: manara.none('payments are decided without a score where it fails'),
    objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
    traffic: { peakRequestsPerSecond: 200 },
    callers: [manara.Peer.namespace(callers)],
  });
  return { bucket, network, endpoint };
}

/** A role of the team's own: only the pods of the endpoint's service account take it on. */
function weightsReader(
  bucket: ModelBucket<typeof place>,
  keys: ServingKeys<typeof place>,
  oidcProvider: string,
): Role {
  const issuer = oidcProvider.slice(oidcProvider.indexOf('/') + 1);
  const role = new Role('fraud-reader', {
    assumeRolePolicy: jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: oidcProvider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${issuer}:sub`]: 'system:serviceaccount:fraud-models:fraud',
              [`${issuer}:aud`]: 'sts.amazonaws.com',
            },
          },
        },
      ],
    }),
  });
  new RolePolicy('fraud-reader', {
    role: role.name,
    policy: jsonStringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:GetObject', Resource: interpolate`${bucket.arn}/*` },
        { Effect: 'Allow', Action: 'kms:Decrypt', Resource: keys.models.arn },
      ],
    }),
  });
  return role;
}
