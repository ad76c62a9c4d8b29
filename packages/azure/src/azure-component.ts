import { kinds, ResidencyZone } from '@manara/constructs';
import {
  anyText,
  CloudComponent,
  type CloudComponentArgs,
  type CloudEnd,
  type CloudKind,
  refuseArg,
} from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import type { ComponentResourceOptions, CustomResourceOptions, Input } from '@pulumi/pulumi';

/** What every component of Azure is given. */
export interface AzureComponentArgs<P extends Place> extends CloudComponentArgs<P> {
  /** Resource group that its resources are put into; one that exists. */
  readonly resourceGroupName: Input<string>;
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
  resourceGroupName: anyText,
  tags: kinds.optional(kinds.mapOf(kinds.text)),
};

/** What the children of a component are made with. */
export interface ChildContext {
  /** The component's name, which theirs begin with. */
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: Input<string>;
  readonly tags: Record<string, string>;
  readonly child: CustomResourceOptions;
}

/** A part of Azure. Its children bear its name, its location, its resource group and its tags. */
export abstract class AzureComponent<const P extends Place = Place> extends CloudComponent<P> {
  readonly name: string;
  protected readonly context: ChildContext;

  /**
   * @throws DeployError MANARA_ARGS for a name that Azure would not take or a tag that is Manara's own;
   * and those of CloudComponent
   */
  protected constructor(
    kind: CloudKind,
    name: string,
    args: AzureComponentArgs<P>,
    flows: (self: CloudEnd) => readonly DataFlow[],
    opts?: ComponentResourceOptions,
  ) {
    checkName(kind, name);
    checkTags(kind, name, args.tags ?? {});
    super(kind, name, args, flows, opts);
    this.name = name;
    this.context = {
      name,
      location: this.region,
      resourceGroupName: args.resourceGroupName,
      tags: {
        ...args.tags,
        [`${tagPrefix}zone`]: args.zone.name,
        [`${tagPrefix}component`]: `${kind.name}/${name}`,
      },
      child: { parent: this },
    };
  }
}

/** A slash, as in Kubernetes and AWS, is none that Azure takes in a tag's name. */
const tagPrefix = 'manara-';

/**
 * What is called after it has limits, and Pulumi adds eight characters: a storage account has 24
 * lower-case letters and digits, an agent pool of Linux 12.
 *
 * @throws DeployError MANARA_ARGS
 */
export function checkName(kind: CloudKind, name: string): void {
  if (/^[a-z][a-z0-9]{0,11}$/.test(name)) return;
  refuseArg(
    kind,
    name,
    'name',
    'at most 12 lower-case letters and digits, starting with a letter',
    name,
  );
}

/** Limits of Azure Resource Manager; a storage account takes names of 128 characters. */
function checkTags(kind: CloudKind, name: string, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.toLowerCase().startsWith(tagPrefix)) {
      refuseArg(kind, name, 'tags', `no name that starts with ${tagPrefix}`, key);
    }
    if (key.length < 1 || key.length > 128 || /[<>%&\\?/]/.test(key)) {
      refuseArg(kind, name, 'tags', 'names of 1 to 128 characters without < > % & \\ ? /', key);
    }
    if (value.length > 256 || value.includes('${late:')) {
      refuseArg(kind, name, `tags.${key}`, 'plain text of at most 256 characters', value);
    }
  }
  if (Object.keys(tags).length > 48) {
    refuseArg(kind, name, 'tags', 'at most 48, beside two of Manara’s', Object.keys(tags).length);
  }
}
