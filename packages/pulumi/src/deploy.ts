import { auditTree, type ChartObjects, chartObjects, mapLate } from '@manara/constructs';
import type { Audit } from '@manara/residency';
import type { ComponentResource, CustomResource, Resource } from '@pulumi/pulumi';
import type { App } from 'cdk8s';
import { DeployError } from './deploy-error';
import { documentFaults } from './document-faults';
import { LateAudit } from './late-audit';
import { Registration } from './registration';
import { registrationOrder } from './registration-order';
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
  const charts = chartObjects(app);
  const providers = siteProviders(charts, options);
  const audits = auditTree(app);
  refuseFaults(charts, audits);
  const order = registrationOrder(charts);
  const late = new LateAudit(audits);
  const items = order.map((item) => ({
    ...item,
    args: mapLate(item.manifest, (text) => late.resolve(text)),
  }));

  const registration = new Registration();
  const sites = charts.map(({ chart }) => {
    const opts = { parent: options.parent, provider: providers.get(chart) };
    return [chartKey(chart), registration.registerChart(chart, opts)] as const;
  });
  const resources = items.map(
    (item) => [resourceName(item.object), registration.registerObject(item, item.args)] as const,
  );
  return { sites: Object.fromEntries(sites), resources: new Map(resources) };
}

/** Every fault of every document at once; and of flows, whose addresses may stand in no document. */
function refuseFaults(charts: readonly ChartObjects[], audits: readonly Audit[]): void {
  const faults = new Set([
    ...charts.flatMap(({ objects }) =>
      objects.flatMap(({ object, manifest }) => documentFaults(object.node.path, manifest)),
    ),
    ...audits.flatMap(({ flows }) =>
      flows.flatMap((flow) => documentFaults(flow.owner, { [`${flow.kind} flow`]: flow })),
    ),
  ]);
  if (faults.size === 0) return;
  throw new DeployError(
    'MANARA_DOCUMENT',
    `values that cannot be deployed:\n  ${[...faults].join('\n  ')}\n`,
  );
}
