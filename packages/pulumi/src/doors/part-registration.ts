import { auditPart, ObjectNames, type ResidencyZone, type SitePart } from '@manara/constructs';
import type { ComponentResource, ProviderResource } from '@pulumi/pulumi';
import { ApiObject, type Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type PreparedObject, prepare } from '../prepared-objects';
import { refuseViolations } from '../refuse-violations';
import { Registration } from '../registration';

/** The component of each site, which has its cluster. */
export const components = new WeakMap<Chart, ComponentResource>();

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

  readonly #parts: readonly SitePart[];
  readonly #prepared: readonly PreparedObject[];

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
    this.#parts = parts;
    this.#prepared = prepare(
      parts.map(({ site, root }) => ({
        chart: site,
        objects: objectsIn(root).map((object) => ({
          object,
          manifest: object.toJson() as Record<string, unknown>,
          group: root === (site as IConstruct) ? undefined : root,
        })),
      })),
      [audit],
    ).objects;
    for (const { site, root } of parts) namesIn(site).add(root);
  }

  /** Registers the objects as children of a component, each with the provider of its site. */
  register(parent: ComponentResource): void {
    const registration = new Registration();
    for (const { root } of this.#parts) registration.adopt(root, parent);
    for (const object of this.#prepared) {
      const provider = providerOf(object.item.object.chart);
      registration.registerObject(object, provider === undefined ? {} : { provider });
    }
  }
}

function namesIn(site: Chart): ObjectNames {
  const names = namesOf.get(site) ?? new ObjectNames();
  namesOf.set(site, names);
  return names;
}

function objectsIn(root: IConstruct): readonly ApiObject[] {
  return root.node.findAll().filter((c) => ApiObject.isApiObject(c));
}

function faultsOf(root: IConstruct): readonly string[] {
  return root.node
    .findAll()
    .flatMap((construct) =>
      construct.node.validate().map((fault) => `[${construct.node.path}] ${fault}`),
    );
}

/** The provider of Kubernetes that a site was given, or inherits. */
function providerOf(site: Chart): ProviderResource | undefined {
  return components.get(site)?.getProvider('kubernetes:index:Provider');
}
