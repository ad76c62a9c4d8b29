import { auditTree, chartObjects, noteTree } from '@manara/constructs';
import type { ComponentResource, CustomResource, Output, Resource } from '@pulumi/pulumi';
import type { App } from 'cdk8s';
import { prepare } from './prepared-objects';
import { Registration } from './registration';
import { chartKey, resourceName } from './resource-names';
import { type ProviderOptions, siteProviders } from './site-providers';

export interface DeployOptions extends ProviderOptions {
  /**
   * Resource that the sites' components are children of.
   * @default - the stack
   */
  readonly parent?: Resource;
}

/** What became of a tree. */
export interface DeployedTree {
  /** A component for each site, by the site's id; for a chart that is no site, by its path. */
  readonly sites: Readonly<Record<string, ComponentResource>>;
  /** The resource of each Kubernetes object, by its name: the construct's path. */
  readonly resources: ReadonlyMap<string, CustomResource>;
  /**
   * The tree's late values by name, once they have passed the residency check: as an output of the stack
   * they are what `manara synth --values` writes the same objects with. Secret as far as they are.
   */
  readonly values: Readonly<Record<string, Output<string>>>;
}

/**
 * Registers every Kubernetes object of a tree as a Pulumi resource, late values filled in. Nothing is
 * registered unless the whole tree passes: its own validation, the residency check included, and that
 * of its documents. Flows whose addresses are late are checked when these are known, before any object
 * that holds them is registered.
 *
 * @throws Error listing every construct's faults, residency violations among them
 * @throws DeployError MANARA_PROVIDER for a site whose cluster is not given; MANARA_DOCUMENT for a late
 * value without a source, for a marker that `late()` never made, and for Pulumi's error text in place of
 * a value
 */
export function deploy(app: App, options: DeployOptions = {}): DeployedTree {
  noteTree(app);
  const charts = chartObjects(app);
  const providers = siteProviders(charts, options);
  const audits = auditTree(app);
  const { objects, values } = prepare(charts, audits);

  const registration = new Registration();
  const sites = charts.map(({ chart }) => {
    const opts = { parent: options.parent, provider: providers.get(chart) };
    return [chartKey(chart), registration.registerChart(chart, opts)] as const;
  });
  const resources = objects.map(
    (object) => [resourceName(object.item.object), registration.registerObject(object)] as const,
  );
  return { sites: Object.fromEntries(sites), resources: new Map(resources), values };
}
