import type { ChartObject, ChartObjects, Site } from '@manara/constructs';
import type { Audit } from '@manara/residency';
import type { ComponentResource, ProviderResource } from '@pulumi/pulumi';
import { ApiObject, type Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { DeployError } from '../deploy-error';
import { prepare } from '../prepared-objects';
import { Registration } from '../registration';

/** The component of each site, which has its cluster. */
export const components = new WeakMap<Chart, ComponentResource>();

/** What one construct put into its sites, checked. */
export interface CheckedPart {
  readonly owner: IConstruct;
  readonly audit: Audit;
  readonly roots: readonly {
    readonly site: Site;
    readonly root: IConstruct;
    readonly objects: readonly ApiObject[];
  }[];
}

interface Waiting {
  readonly part: CheckedPart;
  readonly parent: ComponentResource;
  readonly spoilt?: string;
}

/** Parts of this turn, by the constructs that they are of. */
const waiting = new Map<IConstruct, Waiting>();

/**
 * Registers a part once the program's synchronous run is over, together with all others of that run. A
 * resource of Pulumi cannot be changed once it is registered, and a rollout changes its endpoint's objects.
 */
export function registerInTurn(part: CheckedPart, parent: ComponentResource): void {
  if (waiting.size === 0) queueMicrotask(registerAll);
  waiting.set(part.owner, { part, parent });
}

/** Whether objects of a construct can still be changed. */
export function isWaiting(owner: IConstruct): boolean {
  return waiting.has(owner);
}

/**
 * Ends the program when the turn does: a construct's objects were changed by something that was refused then.
 * To go on without them would delete those of the deployment before.
 */
export function spoil(owner: IConstruct, why: string): void {
  const left = waiting.get(owner);
  if (left !== undefined) waiting.set(owner, { ...left, spoilt: why });
}

/** The objects of a part as they are now. */
export function chartObjectsOf({ roots }: CheckedPart): readonly ChartObjects[] {
  return roots.map(({ site, root, objects }) => ({
    chart: site,
    objects: objects.map((object) => ({
      object,
      manifest: object.toJson() as Record<string, unknown>,
      group: root === (site as IConstruct) ? undefined : root,
    })),
  }));
}

/** @throws DeployError MANARA_DOCUMENT, as `prepare`; MANARA_ARGS for objects that are spoilt */
function registerAll(): void {
  const all = [...waiting.values()];
  waiting.clear();
  const spoilt = all.flatMap((one) => one.spoilt ?? []);
  if (spoilt.length > 0) throw new DeployError('MANARA_ARGS', spoilt.join('\n'));
  const registration = new Registration();
  for (const { part, parent } of all) {
    for (const { root } of part.roots) registration.adopt(root, parent);
  }
  const roots = new Set(all.flatMap(({ part }) => part.roots.map(({ root }) => root)));
  const { objects } = prepare(
    bySite(all.flatMap(({ part }) => chartObjectsOf(asChanged(part, roots)))),
    all.map(({ part }) => part.audit),
  );
  for (const object of objects) {
    const provider = providerOf(object.item.object.chart);
    registration.registerObject(object, provider === undefined ? {} : { provider });
  }
}

/**
 * A part with the objects that it has now: a rollout puts others in the place of some of its endpoint's. Below
 * a site lies whatever else the program puts there, which is not the site's own.
 *
 * @param roots of all parts: what lies below one is that part's, also where it lies below another
 */
function asChanged(part: CheckedPart, roots: ReadonlySet<IConstruct>): CheckedPart {
  return {
    ...part,
    roots: part.roots.map(({ site, root, objects }) => {
      if (root === (site as IConstruct)) return { site, root, objects };
      const own = objectsBelow(root).filter(
        ({ node: { scopes } }) => scopes.findLast((scope) => roots.has(scope)) === root,
      );
      return { site, root, objects: own };
    }),
  };
}

export function objectsBelow(root: IConstruct): readonly ApiObject[] {
  return root.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
}

/** Each site once, so that the order of a large turn takes no time of the square. */
function bySite(parts: readonly ChartObjects[]): readonly ChartObjects[] {
  const objectsOf = new Map<Chart, ChartObject[]>();
  for (const { chart, objects } of parts) {
    const found = objectsOf.get(chart) ?? [];
    found.push(...objects);
    objectsOf.set(chart, found);
  }
  return [...objectsOf].map(([chart, objects]) => ({ chart, objects }));
}

/** The provider of Kubernetes that a site was given, or inherits. */
function providerOf(site: Chart): ProviderResource | undefined {
  return components.get(site)?.getProvider('kubernetes:index:Provider');
}
