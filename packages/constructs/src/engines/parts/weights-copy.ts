import {
  configFileName,
  container,
  engineEnvironment,
  fetchCommand,
  flags,
} from '@manara/contract';
import type { Place } from '@manara/residency';
import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { ConstructError } from '../../construct-error';
import { addCopyJob, quantities } from '../../copies/copy-job';
import { hasLate } from '../../late/late';
import type { BucketCopy, CopyAccess, ModelBucket } from '../../model-bucket';
import type { Workload } from '../lowering';
import { bucketsOf, environmentFor, hostArguments, identityLabels, waysTo } from './bucket-access';
import { copiedFiles, CopiedWeights, refuseOthers } from './copied-weights';
import { copyConfig } from './copy-config';
import { copyLabels, copySelector } from './labels';
import { claimOf, claimsFolder } from './weights';

/**
 * A CronJob that keeps a workload's weights on its site's claim, where the bucket says that it is a copy:
 * the server's own fetch mode, which leaves alone what is there with the right digest.
 *
 * @returns the Job that brings them for the first time
 * @throws ConstructError MANARA_ENGINE for weights on several copies, and for a place on the claim where
 * another endpoint puts other weights
 */
export function addWeightsCopy(
  scope: Construct,
  workload: Workload,
  imageDigest?: string,
): ApiObject | undefined {
  const kept = keptBucket(workload);
  if (kept === undefined) return undefined;
  const { endpoint, site } = workload;
  const { bucket, copy } = kept;
  const { from, access } = copy;
  const files = copiedFiles(workload, bucket);
  refuseOthers(workload, files);
  const below = new CopiedWeights(scope, 'weights-copy', files);
  const name = `${endpoint.name}-weights`;
  // With access of its own it is another cloud's pod, to which these mean nothing.
  const identity = access === undefined ? from.readerAnnotations : {};
  const labels = { ...copyLabels(workload), ...identityLabels(identity) };
  const config = new k8s.KubeConfigMap(below, 'config', {
    metadata: { name: `${name}-config`, labels },
    data: { [configFileName]: copyConfig(workload, bucket) },
  });
  const claim = claimOf(bucket.uri) ?? '';
  return addCopyJob(below, {
    site,
    name,
    selector: copySelector(workload),
    labels,
    every: copy.every,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    content: JSON.stringify([files, container.tag, hasLate(imageDigest ?? '') ? '' : imageDigest]),
    identity,
    waysOut: waysTo(from, access?.endpoint),
    containers: [
      {
        name: container.fetch,
        image: site.images.image(container.image, container.tag, imageDigest),
        imagePullPolicy: 'IfNotPresent',
        args: [fetchCommand, flags.config, container.configFile, ...hostArguments([from])],
        env: variables({
          ...engineEnvironment,
          ...environmentFor(from, access?.endpoint),
          ...roleVariables(access),
        }),
        resources,
        volumeMounts: [
          { name: 'config', mountPath: container.configFolder, readOnly: true },
          { name: 'temporary', mountPath: container.temporary },
          { name: 'weights', mountPath: `${claimsFolder}/${claim}` },
          ...(access === undefined
            ? []
            : [{ name: 'token', mountPath: tokenFolder, readOnly: true }]),
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: config.name } },
      { name: 'temporary', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } },
      { name: 'weights', persistentVolumeClaim: { claimName: claim } },
      ...(access === undefined ? [] : [tokenVolume]),
    ],
  });
}

/** Measured: 104 MiB while 300 MB are fetched, and 60 for the SDK of S3 alone. */
const share = quantities({ cpu: '500m', memory: '256Mi', 'ephemeral-storage': '256Mi' });
const resources: k8s.ResourceRequirements = { requests: share, limits: share };

const tokenFolder = '/var/run/secrets/aws';

/** The cluster's own proof of who the pod is, made out to AWS. */
const tokenVolume: k8s.Volume = {
  name: 'token',
  projected: {
    sources: [
      {
        serviceAccountToken: {
          audience: 'sts.amazonaws.com',
          expirationSeconds: 3600,
          path: 'token',
        },
      },
    ],
  },
};

/**
 * What the SDK's web identity credentials read. Source: AWS SDKs and Tools Reference Guide, "Assume role
 * credential provider" and "Service-specific endpoints"; read 2026-11.
 */
function roleVariables(access: CopyAccess | undefined): Readonly<Record<string, string>> {
  if (access === undefined) return {};
  const { role, tokenEndpoint } = access;
  return {
    AWS_ROLE_ARN: role,
    AWS_WEB_IDENTITY_TOKEN_FILE: `${tokenFolder}/token`,
    ...(tokenEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_STS: tokenEndpoint }),
  };
}

function variables(values: Readonly<Record<string, string>>): k8s.EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

interface KeptBucket {
  readonly bucket: ModelBucket<Place>;
  readonly copy: BucketCopy;
}

function keptBucket(workload: Workload): KeptBucket | undefined {
  const kept = bucketsOf(workload).flatMap((bucket): readonly KeptBucket[] =>
    bucket.copy === undefined ? [] : [{ bucket, copy: bucket.copy }],
  );
  if (kept.length <= 1) return kept[0];
  throw new ConstructError(
    'MANARA_ENGINE',
    workload.endpoint.path,
    `versions: one job keeps all their weights at ${workload.site.place}; expected one copy, received ${kept.map(({ bucket }) => `"${bucket.uri}"`).join(' and ')}`,
  );
}
