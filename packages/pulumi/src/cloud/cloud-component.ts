import { dataFlows, noteTree, type ResidencyZone } from '@manara/constructs';
import { audit, type DataFlow, parsePlace, type Place } from '@manara/residency';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { DeployError } from '../deploy-error';
import { refuseViolations } from '../refuse-violations';
import type { CloudEnd } from './cloud-flows';
import { type CloudKind, CloudNode, componentTitle, typeOf } from './cloud-node';

/** What every component of a cloud is given. */
export interface CloudComponentArgs<P extends Place> {
  /** Zone that it belongs to. */
  readonly zone: ResidencyZone<P>;
  /** Where it stands; one of the zone's places. */
  readonly place: NoInfer<P>;
}

/**
 * A part of a cloud, and its node in the tree: the residency check sees it beside the Kubernetes
 * objects. What violates the zone is refused before anything is registered with Pulumi.
 */
export abstract class CloudComponent<const P extends Place = Place> extends ComponentResource {
  readonly zone: ResidencyZone<P>;
  readonly place: P;
  /** Name of the region in its own cloud: `me-central-1`. Children are given it, whatever the provider's. */
  readonly region: string;

  /**
   * @param flows what moves or rests, given the component as an end of a flow
   * @throws DeployError MANARA_PLACE for a place of another cloud, MANARA_RESIDENCY for a flow that
   * violates the zone, MANARA_NAME for a name that is taken; ResidencyError for a place that is none
   */
  protected constructor(
    kind: CloudKind,
    name: string,
    { zone, place }: CloudComponentArgs<P>,
    flows: (self: CloudEnd) => readonly DataFlow[],
    opts: ComponentResourceOptions = {},
  ) {
    const region = regionOf(kind, name, place);
    const node = new CloudNode(zone, name, kind, place, flows);
    auditNode(node, zone);
    noteTree(zone);
    super(typeOf(kind), name, {}, opts);
    this.zone = zone;
    this.place = place;
    this.region = region;
  }
}

function regionOf(kind: CloudKind, name: string, place: Place): string {
  const [cloud, region = ''] = parsePlace(place).split(':');
  if (cloud === kind.cloud) return region;
  throw new DeployError(
    'MANARA_PLACE',
    `${componentTitle(kind, name)}: place: expected a region of ${kind.cloud}; received "${place}"`,
  );
}

function auditNode(node: CloudNode, zone: ResidencyZone): void {
  const { violations } = audit(zone, node[dataFlows]());
  // What is refused is not in the tree: a program may catch the error and go on.
  if (violations.length > 0) zone.node.tryRemoveChild(node.node.id);
  refuseViolations(violations);
}
