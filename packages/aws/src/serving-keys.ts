import { kinds } from '@manara/constructs';
import { anyText, checkArgs, storageFlow, wholeDays } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import { Alias, Key } from '@pulumi/aws/kms';
import type { ComponentResourceOptions, Input } from '@pulumi/pulumi';
import { AwsComponent, type AwsComponentArgs, commonKinds } from './aws-component';
import { keyPolicy, type KeyPurpose } from './support/key-policy';
import { accountOf } from './support/account';

export interface ServingKeysArgs<P extends Place> extends AwsComponentArgs<P> {
  /**
   * Days between a key's deletion and the end of all that it encrypts: 7 to 30.
   * @default 30
   */
  readonly deletionWindowDays?: number;
  /**
   * Days between two rotations of a key's material: 90 to 2560.
   * @default 365
   */
  readonly rotationDays?: number;
  /**
   * ARNs of the roles that may administer the keys; they may not use them.
   * @default - whomever the account's own IAM policies allow to
   */
  readonly administrators?: readonly Input<string>[];
}

const kind = {
  cloud: 'aws',
  name: 'ServingKeys',
  does: 'Keys of the site, one for each purpose',
  holds: ['Keys are rotated, and none can be replicated to another region'],
} as const;

const argKinds = {
  ...commonKinds,
  deletionWindowDays: kinds.optional(kinds.anyNumber),
  rotationDays: kinds.optional(kinds.anyNumber),
  administrators: kinds.optional(kinds.listOf(anyText)),
};

/**
 * The keys of a site: one for each purpose, rotated, and each in this one region. A multi-Region key
 * would carry its material abroad, so none can be asked for.
 */
export class ServingKeys<const P extends Place = Place> extends AwsComponent<P> {
  /** For weights in S3. */
  readonly models: Key;
  /** For container images in ECR. */
  readonly images: Key;
  /** For the Secrets of a cluster, enveloped by EKS. */
  readonly secrets: Key;
  /** For log groups of CloudWatch, the trails of CloudTrail, and notices of EC2 in a queue. */
  readonly logs: Key;
  /** For the disks of nodes. */
  readonly disks: Key;

  /** @throws DeployError MANARA_ARGS for days out of range; and those of AwsComponent */
  constructor(name: string, args: ServingKeysArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const deletionWindowInDays = wholeDays(
      kind,
      name,
      'deletionWindowDays',
      args.deletionWindowDays,
      {
        from: 7,
        to: 30,
        byDefault: 30,
      },
    );
    const rotationPeriodInDays = wholeDays(kind, name, 'rotationDays', args.rotationDays, {
      from: 90,
      to: 2560,
      byDefault: 365,
    });
    super(kind, name, args, (self) => [storageFlow(self, 'keys', [])], opts);

    const { region, tags, child } = this.context;
    const account = accountOf(this);
    const keyFor = (purpose: KeyPurpose): Key => {
      const key = new Key(
        `${name}-${purpose}`,
        {
          description: `Manara ${name}: ${purpose}`,
          region,
          multiRegion: false,
          enableKeyRotation: true,
          rotationPeriodInDays,
          deletionWindowInDays,
          policy: keyPolicy(purpose, {
            account,
            region,
            administrators: args.administrators ?? [],
          }),
          tags,
        },
        child,
      );
      new Alias(
        `${name}-${purpose}`,
        { name: `alias/${name}-${purpose}`, targetKeyId: key.keyId, region },
        child,
      );
      return key;
    };
    this.models = keyFor('models');
    this.images = keyFor('images');
    this.secrets = keyFor('secrets');
    this.logs = keyFor('logs');
    this.disks = keyFor('disks');
    this.registerOutputs();
  }
}

/** Kind of an argument. */
export const servingKeys = kinds.kind('ServingKeys', (value) => value instanceof ServingKeys);
