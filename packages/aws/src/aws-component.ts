import { kinds, ResidencyZone } from '@manara/constructs';
import {
  CloudComponent,
  type CloudComponentArgs,
  type CloudEnd,
  type CloudKind,
  DeployError,
  componentTitle,
  refuseArg,
} from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import type { ComponentResourceOptions, CustomResourceOptions } from '@pulumi/pulumi';
import { isInPartition } from './facts/partition';

/** What every component of AWS is given. */
export interface AwsComponentArgs<P extends Place> extends CloudComponentArgs<P> {
  /**
   * Tags on every resource that takes them, besides Manara's own.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Kinds of the arguments that every component has. */
export const commonKinds = {
  zone: kinds.kind('a ResidencyZone', (value) => ResidencyZone.isResidencyZone(value)),
  place: kinds.text,
  tags: kinds.optional(kinds.mapOf(kinds.text)),
};

/** What the children of a component are made with. */
export interface ChildContext {
  /** The component's name, which theirs begin with. */
  readonly name: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly child: CustomResourceOptions;
}

/** A part of AWS. Its children bear its name, its region and its tags. */
export abstract class AwsComponent<const P extends Place = Place> extends CloudComponent<P> {
  readonly name: string;
  protected readonly context: ChildContext;

  /**
   * @throws DeployError MANARA_ARGS for a name that AWS would not take or a tag that is Manara's own,
   * MANARA_PLACE for a region of another partition; and those of CloudComponent
   */
  protected constructor(
    kind: CloudKind,
    name: string,
    args: AwsComponentArgs<P>,
    flows: (self: CloudEnd) => readonly DataFlow[],
    opts?: ComponentResourceOptions,
  ) {
    checkName(kind, name);
    checkTags(kind, name, args.tags ?? {});
    checkPartition(kind, name, args.place);
    super(kind, name, args, flows, opts);
    this.name = name;
    const tags = {
      ...args.tags,
      [`${tagPrefix}zone`]: args.zone.name,
      [`${tagPrefix}component`]: `${kind.name}/${name}`,
    };
    this.context = { name, region: this.region, tags, child: { parent: this } };
  }
}

const tagPrefix = 'manara.dev/';

/** What is called after it has a limit: the prefix of an IAM role's name, 38 characters with a suffix of ours. */
function checkName(kind: CloudKind, name: string): void {
  if (/^[a-z]([a-z0-9-]{0,26}[a-z0-9])?$/.test(name)) return;
  refuseArg(
    kind,
    name,
    'name',
    'at most 28 lower-case letters, digits and "-", starting with a letter',
    name,
  );
}

const tagText = /^[\p{L}\p{N}\p{Z}_.:/=+@-]*$/u;

function checkTags(kind: CloudKind, name: string, tags: Readonly<Record<string, string>>): void {
  const allowed = 'letters, digits, spaces and _ . : / = + - @';
  for (const [key, value] of Object.entries(tags)) {
    if (key.startsWith(tagPrefix)) {
      refuseArg(kind, name, 'tags', `no key under ${tagPrefix}`, key);
    }
    if (key.length < 1 || key.length > 128 || key.startsWith('aws:') || !tagText.test(key)) {
      refuseArg(kind, name, 'tags', `keys of 1 to 128 ${allowed}, not starting with aws:`, key);
    }
    if (value.length > 256 || !tagText.test(value)) {
      refuseArg(kind, name, `tags.${key}`, `a value that AWS takes: ${allowed}`, value);
    }
  }
}

function checkPartition(kind: CloudKind, name: string, place: Place): void {
  const [cloud, region = ''] = place.split(':');
  // A place of another cloud is refused by the component of every cloud.
  if (cloud !== 'aws' || isInPartition(region)) return;
  throw new DeployError(
    'MANARA_PLACE',
    `${componentTitle(kind, name)}: place: expected a region of the partition "aws", whose names and accounts the components are written for; received "${place}"`,
  );
}
