import { kinds, type ResidencyZone } from '@manara/constructs';
import { anyText, checkArgs, refuseArg } from '@manara/pulumi';
import type { Place } from '@manara/residency';
import { Policy, PolicyAttachment } from '@pulumi/aws/organizations';
import type { ComponentResourceOptions, Input, Output } from '@pulumi/pulumi';
import { AwsComponent, commonKinds } from './aws-component';
import { copyDeny, regionDeny } from './guardrails/documents';
import { policyDocument, type Statement } from './support/policy';

export interface GuardrailsArgs<P extends Place> {
  /** Zone whose regions of AWS are the only ones. */
  readonly zone: ResidencyZone<P>;
  /** Ids of the accounts and organizational units that they hold for, by what these are called. */
  readonly targets: Readonly<Record<string, Input<string>>>;
  /**
   * ARNs of the roles that deploy the zone's components; `*` stands for part of a name. They alone may
   * set a registry's replication, to none.
   * @default - none
   */
  readonly deployers?: readonly Input<string>[];
  /**
   * ARNs of the roles that nothing here holds for, in an emergency; `*` stands for part of a name.
   * @default - none
   */
  readonly breakGlass?: readonly Input<string>[];
  /**
   * Tags on every resource that takes them, besides Manara's own.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

const kind = {
  cloud: 'aws',
  name: 'Guardrails',
  does: 'Service control policies of the organization, from the same zone',
} as const;

const argKinds = {
  zone: commonKinds.zone,
  targets: kinds.mapOf(anyText),
  deployers: kinds.optional(kinds.listOf(anyText)),
  breakGlass: kinds.optional(kinds.listOf(anyText)),
  tags: commonKinds.tags,
};

/**
 * Service control policies of an organization, from the same zone that is audited: they hold for what
 * was never described here too, and for everybody in the accounts but their organization's management.
 */
export class Guardrails<const P extends Place = Place> extends AwsComponent<P> {
  /** Regions that the zone permits. */
  readonly regions: readonly string[];
  /** What each policy says, as JSON, for an organization that is managed elsewhere. */
  readonly documents: Readonly<Record<'regions' | 'copies', Output<string>>>;

  /** @throws DeployError MANARA_ARGS for a zone without AWS, or no targets; and those of AwsComponent */
  constructor(name: string, args: GuardrailsArgs<P>, opts?: ComponentResourceOptions) {
    checkArgs(kind, name, args, argKinds);
    const { zone, targets, deployers = [], breakGlass = [], tags } = args;
    const places = zone.places.filter((place) => place.startsWith('aws:'));
    const [place] = places;
    if (place === undefined) {
      refuseArg(kind, name, 'zone', 'one with a region of AWS', zone.places);
    }
    if (Object.keys(targets).length === 0) {
      refuseArg(kind, name, 'targets', 'an account or organizational unit', targets);
    }
    const unnamed = Object.keys(targets).find((target) => !/^[a-z0-9-]+$/.test(target));
    if (unnamed !== undefined) {
      refuseArg(kind, name, 'targets', 'names of lower-case letters, digits and "-"', unnamed);
    }
    // Policies of an organization are in no region: the first stands for all.
    super(kind, name, { zone, place, ...(tags === undefined ? {} : { tags }) }, () => [], opts);
    this.regions = places.map((p) => p.slice('aws:'.length));
    const scope = { regions: this.regions, deployers, breakGlass };
    this.documents = {
      regions: this.#addPolicy('regions', regionDeny(scope), targets),
      copies: this.#addPolicy('copies', copyDeny(scope), targets),
    };
    this.registerOutputs();
  }

  #addPolicy(
    suffix: string,
    statements: readonly Statement[],
    targets: Readonly<Record<string, Input<string>>>,
  ): Output<string> {
    const { name, tags, child } = this.context;
    const content = policyDocument(...statements);
    const policy = new Policy(
      `${name}-${suffix}`,
      {
        type: 'SERVICE_CONTROL_POLICY',
        description: `Zone ${this.zone.name}: ${suffix}`,
        content,
        tags,
      },
      child,
    );
    for (const [target, targetId] of Object.entries(targets)) {
      new PolicyAttachment(`${name}-${suffix}-${target}`, { policyId: policy.id, targetId }, child);
    }
    return content;
  }
}
