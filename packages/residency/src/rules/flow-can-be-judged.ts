import { DataClass } from '../data-class';
import { type DataFlow, encryptions } from '../flow';
import { Jurisdiction } from '../jurisdiction';
import { compliant, type Rule, violation } from '../rule';
import { declaration } from '../source';
import type { ResidencyZone } from '../zone';

/**
 * What a flow and its zone say of themselves is what the rules can read. Each law asks for a jurisdiction
 * or a data class that it knows, and would pass over any other: what cannot be judged is refused here.
 * Types say so already; plain JavaScript, a cast or a construct of another package gets past them.
 */
export const flowCanBeJudged: Rule = {
  id: 'flow-can-be-judged',
  title: 'a flow, and its zone, say what they are in terms that the rules know',
  sources: [declaration('the flow and the zone themselves')],
  check(flow, zone) {
    return unreadable(flow, zone) ?? compliant;
  },
};

function unreadable(flow: DataFlow, { jurisdiction }: ResidencyZone) {
  if (!Jurisdiction.isJurisdiction(jurisdiction)) {
    return unknown(
      'the zone’s jurisdiction',
      jurisdiction,
      'Jurisdiction.AE_ONSHORE, DIFC or ADGM',
    );
  }
  if (!statuses.includes(flow.status))
    return unknown('status', flow.status, `one of ${statuses.join(', ')}`);
  const classes: readonly unknown[] | undefined = listOf(flow.dataClasses);
  if (classes === undefined) {
    return unknown('dataClasses', flow.dataClasses, 'a list of DataClass');
  }
  const strange = classes.findIndex((one) => !DataClass.isDataClass(one));
  if (strange >= 0) {
    const allowed = 'DataClass.PERSONAL, HEALTH, FINANCIAL, GOVERNMENT or PUBLIC';
    return unknown('dataClasses', classes[strange], allowed);
  }
  if (flow.status !== 'declared' || encryptions.includes(flow.encryption)) return undefined;
  return unknown('encryption', flow.encryption, `one of ${encryptions.join(', ')}`);
}

function listOf(x: unknown): readonly unknown[] | undefined {
  return Array.isArray(x) ? x : undefined;
}

const statuses: readonly DataFlow['status'][] = ['declared', 'absent', 'undeclared'];

function unknown(what: string, received: unknown, allowed: string) {
  return violation(`${what}: no rule knows "${String(received)}"`, `write ${allowed}`);
}
