import { ConstructError } from '../construct-error';
import { hasLate } from '../late/late';
import { checkProps, listOf, mapOf, optional, text } from '../props/props';

/** What Karpenter on AWS needs to know of the account; `KarpenterPrerequisites.nodes` has all but the version. */
export interface KarpenterAwsProps {
  /** Release of Bottlerocket: `v1.55.0`. Nodes are replaced, and load models again, when it changes. */
  readonly bottlerocket: string;
  /** Name of the nodes' instance profile. May be late. */
  readonly instanceProfile: string;
  /** Ids of the subnets that nodes may stand in, at least one. May be late. */
  readonly subnetIds: readonly string[];
  /** Ids of the nodes' security groups, at least one. May be late. */
  readonly securityGroupIds: readonly string[];
  /** ARN of the key that encrypts the nodes' disks. May be late. */
  readonly diskKeyArn: string;
  /**
   * Tags of the machines.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface KarpenterAzureProps {
  /**
   * Resource id of the subnet that nodes stand in. May be late.
   * @default - the one that Karpenter, or node auto-provisioning, was set up with
   */
  readonly subnetId?: string;
  /**
   * Tags of the machines.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What makes the nodes of a pool in a cluster that exists. */
export class Provisioner {
  /**
   * Karpenter on AWS: nodes of Bottlerocket.
   *
   * @throws ConstructError MANARA_CAPACITY for a release that is none, and for no subnet or group
   */
  static karpenterAws(props: KarpenterAwsProps): Provisioner {
    const at = 'Provisioner.karpenterAws';
    checkProps(at, props, {
      bottlerocket: text,
      instanceProfile: text,
      subnetIds: listOf(text),
      securityGroupIds: listOf(text),
      diskKeyArn: text,
      tags: optional(mapOf(text)),
    });
    if (!/^v\d+\.\d+\.\d+$/.test(props.bottlerocket)) {
      refuse(
        at,
        `bottlerocket: expected a release such as v1.55.0: with "latest", each new one would replace all nodes; received "${props.bottlerocket}"`,
      );
    }
    checkIds(at, 'subnetIds', props.subnetIds, /^subnet-[0-9a-f]+$/);
    checkIds(at, 'securityGroupIds', props.securityGroupIds, /^sg-[0-9a-f]+$/);
    return new Provisioner({ kind: 'karpenter-aws', props });
  }

  /**
   * Karpenter on Azure, as AKS runs it (node auto-provisioning) or its owner does.
   *
   * @throws ConstructError MANARA_CAPACITY for what is no subnet's resource id
   */
  static karpenterAzure(props: KarpenterAzureProps = {}): Provisioner {
    const at = 'Provisioner.karpenterAzure';
    checkProps(at, props, { subnetId: optional(text), tags: optional(mapOf(text)) });
    const { subnetId } = props;
    if (subnetId !== undefined && !hasLate(subnetId) && !subnetResource.test(subnetId)) {
      refuse(
        at,
        `subnetId: expected /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/…; received "${subnetId}"`,
      );
    }
    return new Provisioner({ kind: 'karpenter-azure', props });
  }

  /** Nobody: the nodes are there, or another makes them, with the label `manara.dev/pool: <id>`. */
  static labelled(): Provisioner {
    return new Provisioner({ kind: 'labelled' });
  }

  private constructor(readonly mode: ProvisionerMode) {}
}

export type ProvisionerMode =
  | { readonly kind: 'karpenter-aws'; readonly props: KarpenterAwsProps }
  | { readonly kind: 'karpenter-azure'; readonly props: KarpenterAzureProps }
  | { readonly kind: 'labelled' };

/** As the CRD of AKSNodeClass has it. Source: Azure/karpenter-provider-azure on GitHub; read 2026-11. */
const subnetResource =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[\w\-().]{0,89}[\w\-()]\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i;

function checkIds(at: string, prop: string, ids: readonly string[], form: RegExp): void {
  const wrong = ids.find((id) => !hasLate(id) && !form.test(id));
  if (wrong === undefined && ids.length > 0) return;
  const example = form.source.includes('subnet') ? 'subnet-0a1b2c3d' : 'sg-0a1b2c3d';
  refuse(at, `${prop}: expected ids such as ${example}; received ${JSON.stringify(wrong ?? ids)}`);
}

function refuse(at: string, message: string): never {
  throw new ConstructError('MANARA_CAPACITY', at, message);
}

/**
 * What the place's cloud has by itself.
 *
 * @throws ConstructError MANARA_CAPACITY at AWS, where nobody can know the account's subnets and keys
 */
export function defaultProvisioner(at: string, place: string): Provisioner {
  if (place.startsWith('azure:')) return Provisioner.karpenterAzure();
  if (!place.startsWith('aws:')) return Provisioner.labelled();
  return refuse(
    at,
    `provisioner: expected Provisioner.karpenterAws({ … }), or Provisioner.labelled() for node groups that somebody makes, as the site is at ${place}; received nothing`,
  );
}
