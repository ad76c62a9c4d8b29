import type { LateValue } from '@manara/constructs';
import { addressesOf, type Audit, audit, type DataFlow, mapAddresses } from '@manara/residency';
import { all, type Output } from '@pulumi/pulumi';
import { lateOutput, valueOutput } from './late-output';
import { lateValues } from './late-values';
import { refuseViolations } from './refuse-violations';

type Check = Output<true>;

/**
 * The residency check of what the tree's own could not see: addresses that are late. Text is handed out
 * only when every flow that its late values belong to has passed.
 */
export class LateAudit {
  readonly #checks = new Map<LateValue, readonly Check[]>();

  /**
   * @throws DeployError MANARA_RESIDENCY, once the addresses are known, for a flow that violates its zone;
   * Pulumi then fails the deployment, whether or not a resource waits for it
   */
  constructor(audits: readonly Audit[]) {
    for (const found of audits) {
      for (const { values, flows } of flowsByLateValues(found)) {
        const check = checkOf(found, flows);
        for (const value of values) {
          this.#checks.set(value, [...(this.#checks.get(value) ?? []), check]);
        }
      }
    }
  }

  /** Text with its late values filled in. */
  resolve(text: string): Output<string> {
    return this.#passed(lateValues(text), lateOutput(text));
  }

  /** A late value by itself. */
  value(value: LateValue): Output<string> {
    return this.#passed([value], valueOutput(value));
  }

  #passed(values: readonly LateValue[], text: Output<string>): Output<string> {
    const checks = new Set(values.flatMap((value) => this.#checks.get(value) ?? []));
    return all([text, all([...checks])]).apply(([known]) => known);
  }
}

interface Group {
  readonly values: readonly LateValue[];
  readonly flows: DataFlow[];
}

/**
 * Flows grouped by the late values in their addresses. Not all in one group: a single unknown value would
 * hide every text from a preview. Not each alone: endpoints share buckets and registries.
 */
function flowsByLateValues({ flows }: Audit): Iterable<Group> {
  const groups = new Map<string, Group>();
  const numbers = new Map<LateValue, number>();
  for (const flow of flows) {
    const values = [...new Set(addressesOf(flow).flatMap(lateValues))];
    if (values.length === 0) continue;
    for (const value of values) numbers.set(value, numbers.get(value) ?? numbers.size);
    const key = values.map((value) => numbers.get(value)).join();
    const group = groups.get(key) ?? { values, flows: [] };
    group.flows.push(flow);
    groups.set(key, group);
  }
  return groups.values();
}

function checkOf({ zone }: Audit, flows: readonly DataFlow[]): Check {
  const addresses = [...new Set(flows.flatMap(addressesOf))];
  return all(addresses.map(lateOutput)).apply((known) => {
    const knownOf = new Map(addresses.map((address, i) => [address, known[i] ?? address]));
    const { violations } = audit(
      zone,
      flows.map((flow) => mapAddresses(flow, (address) => knownOf.get(address) ?? address)),
    );
    refuseViolations(violations, `addresses that are now known violate the zone "${zone.name}":\n`);
    return true as const;
  });
}
