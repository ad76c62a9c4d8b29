import { auditPart, ObjectNames, type ResidencyZone, type SitePart } from '@manara/constructs';
import type { ComponentResource } from '@pulumi/pulumi';
import type { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { checkedOrder } from '../prepared-objects';
import { refuseViolations } from '../refuse-violations';
import { chartObjectsOf, type CheckedPart, objectsBelow, registerInTurn } from './turn';

/** Names that are taken in the cluster of each site: to look at its whole tree each time would cost the square. */
const namesOf = new WeakMap<Chart, ObjectNames>();

/**
 * The objects that one construct put into its sites, checked by themselves. A program grows its tree
 * piece by piece; to check the whole each time would cost the square.
 */
export class PartRegistration {
  /**
   * @param owner construct that declares the flows
   * @param parts what it made, in each site
   * @throws Error listing the constructs' faults; DeployError MANARA_RESIDENCY for what violates the zone,
   * otherwise as `prepare`
   */
  static of(zone: ResidencyZone, owner: IConstruct, parts: readonly SitePart[]): PartRegistration {
    try {
      return new PartRegistration(zone, owner, parts);
    } catch (error) {
      // What is refused is not in the tree: a program may catch the error and go on.
      for (const construct of [owner, ...parts.map(({ root }) => root)]) {
        construct.node.scope?.node.tryRemoveChild(construct.node.id);
      }
      throw error;
    }
  }

  readonly #part: CheckedPart;

  private constructor(zone: ResidencyZone, owner: IConstruct, parts: readonly SitePart[]) {
    const faults = parts.flatMap(({ site, root }) => [
      ...faultsOf(root),
      ...namesIn(site)
        .faults(root)
        .map((fault) => `[${root.node.path}] ${fault}`),
    ]);
    if (faults.length > 0) throw new Error(`validation failed:\n  ${faults.join('\n  ')}`);
    const audit = auditPart(zone, owner, parts);
    refuseViolations(audit.violations);
    this.#part = {
      owner,
      audit,
      roots: parts.map(({ site, root }) => ({ site, root, objects: objectsBelow(root) })),
    };
    checkedOrder(chartObjectsOf(this.#part), [audit]);
    for (const { site, root } of parts) namesIn(site).add(root);
  }

  /**
   * Registers the objects as children of a component, each with the provider of its site, when the program's
   * turn ends.
   */
  register(parent: ComponentResource): void {
    registerInTurn(this.#part, parent);
  }
}

function namesIn(site: Chart): ObjectNames {
  const names = namesOf.get(site) ?? new ObjectNames();
  namesOf.set(site, names);
  return names;
}

function faultsOf(root: IConstruct): readonly string[] {
  return root.node
    .findAll()
    .flatMap((construct) =>
      construct.node.validate().map((fault) => `[${construct.node.path}] ${fault}`),
    );
}
