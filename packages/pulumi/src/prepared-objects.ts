import { type ChartObjects, controllerOwned, mapLate } from '@manara/constructs';
import { addressesOf, type Audit } from '@manara/residency';
import type { Output } from '@pulumi/pulumi';
import { DeployError } from './deploy-error';
import { documentFaults } from './document-faults';
import { LateAudit } from './late-audit';
import { lateValues } from './late-values';
import { type OrderedObject, registrationOrder } from './registration-order';

/** An object that has passed, and the arguments of its resource. */
export interface PreparedObject {
  readonly item: OrderedObject;
  readonly args: Record<string, unknown>;
  /** Fields that a controller owns. */
  readonly ignoreChanges: readonly string[];
}

/** Objects that have passed, and the late values in them and in the flows. */
export interface PreparedTree {
  readonly objects: readonly PreparedObject[];
  /** By name. */
  readonly values: Readonly<Record<string, Output<string>>>;
}

/**
 * Objects in the order of their registration, late values replaced by Outputs. All are checked before
 * the first is returned; flows whose addresses are late, when these are known, before any Output that
 * holds them resolves.
 *
 * @throws DeployError MANARA_DOCUMENT for a late value without a source, for a marker that `late()` never
 * made, for Pulumi's error text in place of a value, and for objects that wait for each other
 */
export function prepare(charts: readonly ChartObjects[], audits: readonly Audit[]): PreparedTree {
  const order = checkedOrder(charts, audits);
  const late = new LateAudit(audits);
  const owned = controllerOwned(order);
  const texts = audits.flatMap(({ flows }) => flows.flatMap(addressesOf));
  const objects = order.map((item) => ({
    item,
    ignoreChanges: owned.get(item.object) ?? [],
    args: mapLate(item.manifest, (text) => {
      texts.push(text);
      return late.resolve(text);
    }),
  }));
  const values = new Set(texts.flatMap(lateValues));
  return {
    objects,
    values: Object.fromEntries([...values].map((value) => [value.name, late.value(value)])),
  };
}

/**
 * Objects in the order of their registration, checked.
 *
 * @throws DeployError MANARA_DOCUMENT, as `prepare`
 */
export function checkedOrder(
  charts: readonly ChartObjects[],
  audits: readonly Audit[],
): readonly OrderedObject[] {
  refuseFaults(charts, audits);
  return registrationOrder(charts);
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
