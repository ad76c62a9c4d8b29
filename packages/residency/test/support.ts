import assert from 'node:assert/strict';
import {
  DataClass,
  type DataFlow,
  type DeclaredFlow,
  Jurisdiction,
  type ResidencyZone,
  type Rule,
  type Verdict,
} from '../src';

/** An onshore zone on two clouds with personal data; a test names what it wants otherwise. */
export function zoneOf(overrides: Partial<ResidencyZone> = {}): ResidencyZone {
  return {
    name: 'bank',
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
    onPremises: {},
    transfers: [],
    ...overrides,
  };
}

/** A log flow of personal data from one UAE cloud to the other, over TLS. */
export function flowOf(overrides: Partial<DeclaredFlow> = {}): DeclaredFlow {
  return {
    status: 'declared',
    kind: 'log',
    owner: 'app/fraud',
    dataClasses: [DataClass.PERSONAL],
    from: { name: 'site primary', place: 'aws:me-central-1' },
    to: { name: 'log sink', place: 'azure:uaenorth' },
    encryption: 'tls',
    ...overrides,
  };
}

export function absentFlow(overrides: Partial<DataFlow> = {}): DataFlow {
  const { kind, owner, dataClasses } = flowOf();
  const flow = { kind, owner, dataClasses, at: 'aws:me-central-1', reason: 'nothing is kept' };
  return { status: 'absent', ...flow, ...overrides } as DataFlow;
}

export function undeclaredFlow(overrides: Partial<DataFlow> = {}): DataFlow {
  const { kind, owner, dataClasses } = flowOf();
  const flow = { kind, owner, dataClasses, at: 'aws:me-central-1' };
  const found = { evidence: 'log sink is not given', fix: 'declare it' };
  return { status: 'undeclared', ...flow, ...found, ...overrides } as DataFlow;
}

/** One row of a rule's table: what it says of a flow in a zone. */
export interface Case {
  readonly name: string;
  readonly zone?: Partial<ResidencyZone>;
  readonly flow: DataFlow;
  readonly verdict: Verdict | Verdict['outcome'];
}

/** A test for each row. */
export function verdicts(rule: Rule, cases: readonly Case[]): void {
  describe(rule.id, () => {
    for (const { name, zone, flow, verdict } of cases) {
      const outcome = typeof verdict === 'string' ? verdict : verdict.outcome;
      it(`${outcome}: ${name}`, () => {
        const found = rule.check(flow, zoneOf(zone));
        if (typeof verdict === 'string') assert.equal(found.outcome, verdict);
        else assert.deepEqual(found, verdict);
      });
    }
  });
}
