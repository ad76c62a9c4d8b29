import { ImageRegistry as ImageStore, kinds, late } from '@manara/constructs';
import { checkArgs, checkNeighbour, type CloudEnd, refuseArg, storageFlow } from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import {
  LifecyclePolicy,
  RegistryPolicy,
  ReplicationConfiguration,
  Repository,
} from '@pulumi/aws/ecr';
import {
  type ComponentResourceOptions,
  interpolate,
  jsonStringify,
  type Output,
} from '@pulumi/pulumi';
import {
  AwsComponent,
  type AwsComponentArgs,
  type ChildContext,
  commonKinds,
} from './aws-component';
import { type ServingKeys, servingKeys } from './serving-keys';
import { accountOf } from './support/account';
import {
  grantToServiceAccount,
  type IdentityCluster,
  type ServiceAccount,
} from './support/pod-identity';
import { policyDocument, type Statement } from './support/policy';

export interface ImageRegistryArgs<P extends Place> extends AwsComponentArgs<P> {
  /** Keys of the same place: that for images encrypts them. */
  readonly keys: ServingKeys<NoInfer<P>>;
  /** Repositories, by the names of their images: `manara-server`. */
  readonly repositories: readonly string[];
  /**
   * Days that an image is kept after it has lost its last tag: 1 to 3650. One with a tag is kept.
   * @default 14
   */
  readonly untaggedDays?: number;
  /**
   * Whether another program keeps the settings that an account has once in a region: replication and
   * pull-through, which this one otherwise closes.
   * @default false
   */
  readonly settingsElsewhere?: boolean;
}

const kind = {
  cloud: 'aws',
  name: 'ImageRegistry',
  does: 'Repositories of container images',
  holds: [
    'Tags of images never move',
    'Nothing is copied to another region or account, and nothing is fetched from a public registry on a first pull',
  ],
} as const;

const argKinds = {
  ...commonKinds,
  keys: servingKeys,
  repositories: kinds.listOf(kinds.text),
  untaggedDays: kinds.optional(kinds.anyNumber),
  settingsElsewhere: kinds.optional(
    kinds.kind('true or false', (value) => typeof value === 'boolean'),
  ),
};

/**
 * Repositories of container images whose tags never move. Nothing is copied to another region or account,
 * and nothing is fetched from a public registry on a first pull.
 */
export class ImageRegistry<const P extends Place = Place> extends AwsComponent<P> {
  /** The registry that sites pull from, as the tree knows it. */
  readonly registry: ImageStore<P>;
  /** ARNs by the name of the image. */
  readonly repositoryArns: Readonly<Record<string, Output<string>>>;

  /** @throws DeployError MANARA_ARGS, MANARA_PLACE; and those of AwsComponent */
  constructor(name: string, args: ImageRegistryArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    checkRepositories(name, args.repositories);
    const days = args.untaggedDays ?? 14;
    if (!Number.isSafeInteger(days) || days < 1 || days > 3650) {
      refuseArg(kind, name, 'untaggedDays', 'whole days from 1 to 3650', days);
    }
    checkNeighbour(kind, name, 'keys', args, args.keys);
    super(kind, name, args, (self) => registryFlows(self, args), opts);

    const repositories = args.repositories.map(
      (image) => [image, addRepository(this.context, image, args.keys, days).arn] as const,
    );
    const account = accountOf(this);
    if (args.settingsElsewhere !== true) closeRegistry(this.context, account);
    this.repositoryArns = Object.fromEntries(repositories);
    this.registry = new ImageStore({
      place: this.place,
      prefix: late(
        `${name}.prefix`,
        interpolate`${account}.dkr.ecr.${this.region}.amazonaws.com/${name}`,
      ),
    });
    this.registerOutputs();
  }

  /**
   * Lets the pods of a service account pull the images, through EKS Pod Identity: jobs that copy them
   * elsewhere. Nodes pull what they run by a right of their own.
   *
   * @returns the role's ARN
   * @throws DeployError MANARA_ARGS for what names no service account
   */
  grantPull(
    cluster: IdentityCluster & { readonly name: string },
    to: ServiceAccount,
  ): Output<string> {
    return grantToServiceAccount(kind, this.context, cluster, to, {
      role: 'puller',
      does: 'Pulls from',
      statements: pullStatements(Object.values(this.repositoryArns)),
    });
  }
}

/** Kind of an argument. */
export const imageRegistry = kinds.kind(
  'an ImageRegistry of @manara/aws',
  (value) => value instanceof ImageRegistry,
);

/** As ECR takes it, without slashes: a component's name is the folder of all. */
const repositoryName = /^[a-z0-9]+([._-][a-z0-9]+)*$/;

function checkRepositories(name: string, repositories: readonly string[]): void {
  const wrong = repositories.find((repository, i) => {
    const isTwice = repositories.indexOf(repository) !== i;
    return isTwice || repository.length > 200 || !repositoryName.test(repository);
  });
  if (wrong === undefined && repositories.length > 0) return;
  refuseArg(
    kind,
    name,
    'repositories',
    'different names of images, of lower-case letters, digits, ".", "_" and "-"',
    wrong ?? repositories,
  );
}

function addRepository(
  { name, region, tags, child }: ChildContext,
  image: string,
  keys: ServingKeys,
  untaggedDays: number,
): Repository {
  const repository = new Repository(
    `${name}-${image}`,
    {
      name: `${name}/${image}`,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: keys.images.arn }],
      region,
      tags,
    },
    child,
  );
  new LifecyclePolicy(
    `${name}-${image}`,
    {
      repository: repository.name,
      policy: jsonStringify({
        rules: [
          {
            rulePriority: 1,
            description: 'Images without a tag',
            selection: {
              tagStatus: 'untagged',
              countType: 'sinceImagePushed',
              countUnit: 'days',
              countNumber: untaggedDays,
            },
            action: { type: 'expire' },
          },
        ],
      }),
      region,
    },
    child,
  );
  return repository;
}

/**
 * What it takes to pull. The key is not needed: ECR decrypts by its own grant. Source: Amazon ECR, User Guide,
 * "Encryption at rest"; read 2026-11-22.
 */
function pullStatements(repositories: readonly Output<string>[]): readonly Statement[] {
  return [
    // A token is the registry's, not a repository's, and opens what the other statement does.
    { Sid: 'LogIn', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Sid: 'PullImages',
      Effect: 'Allow',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      Resource: [...repositories],
    },
  ];
}

/** Settings that an account has once in a region. */
function closeRegistry({ name, region, child }: ChildContext, account: Output<string>): void {
  // No destinations: what somebody set by hand is undone.
  new ReplicationConfiguration(
    `${name}-replication`,
    { replicationConfiguration: { rules: [] }, region },
    child,
  );
  new RegistryPolicy(
    `${name}-registry`,
    {
      policy: policyDocument({
        Sid: 'NoPullThroughNoReplicas',
        Effect: 'Deny',
        Principal: '*',
        Action: ['ecr:BatchImportUpstreamImage', 'ecr:ReplicateImage'],
        Resource: interpolate`arn:aws:ecr:${region}:${account}:repository/*`,
      }),
      region,
    },
    child,
  );
}

function registryFlows(
  self: CloudEnd,
  { settingsElsewhere }: ImageRegistryArgs<Place>,
): readonly DataFlow[] {
  const stored = storageFlow(self, 'image registry', []);
  if (settingsElsewhere === true) return [stored];
  return [
    stored,
    {
      status: 'absent',
      kind: 'image',
      owner: self.owner,
      dataClasses: [],
      at: self.place,
      reason: `registry ${self.name} has no replication rule, and its policy denies replicas and pull-through`,
    },
  ];
}
