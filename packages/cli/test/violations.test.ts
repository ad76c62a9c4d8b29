import assert from 'node:assert/strict';
import {
  audit,
  DataClass,
  type DataFlow,
  Jurisdiction,
  type ResidencyZone,
  type Violation,
} from '@manara/residency';
import { countViolations, formatViolations } from '../src/violations';

const zone: ResidencyZone = {
  name: 'bank',
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['aws:me-central-1'],
  data: [DataClass.PERSONAL],
  onPremises: {},
  transfers: [],
};

function notGiven(owner: string, evidence = 'logs of site "bank/dubai" is not given'): DataFlow {
  return {
    status: 'undeclared',
    kind: 'log',
    owner,
    dataClasses: [DataClass.PERSONAL],
    at: 'aws:me-central-1',
    evidence,
    fix: 'give it',
  };
}

/** Leaves the zone and the country: two rules are broken. */
const abroad: DataFlow = {
  status: 'declared',
  kind: 'log',
  owner: 'bank/fraud',
  dataClasses: [DataClass.PERSONAL],
  from: { name: 'site', place: 'aws:me-central-1' },
  to: { name: 'sink', place: 'aws:eu-west-1', uri: 'https://logs.example' },
  encryption: 'tls',
};

function violationsOf(...flows: readonly DataFlow[]): readonly Violation[] {
  return audit(zone, flows).violations;
}

describe('countViolations', () => {
  it('counts violations and the flows that they are about', () => {
    assert.equal(
      countViolations(violationsOf(notGiven('bank/fraud'))),
      '1 residency violation on 1 data flow',
    );
    assert.equal(countViolations(violationsOf(abroad)), '2 residency violations on 1 data flow');
    assert.equal(
      countViolations(violationsOf(abroad, notGiven('bank/fraud'))),
      '3 residency violations on 2 data flows',
    );
  });
});

describe('formatViolations', () => {
  it('tells once what is wrong with several flows in the same way, naming each owner', () => {
    const texts = formatViolations(
      violationsOf(notGiven('bank/fraud'), notGiven('bank/reader'), notGiven('bank/fraud')),
    );
    assert.equal(texts.length, 1);
    assert.match(
      texts[0] ?? '',
      /^log flow of bank\/fraud, bank\/reader: logs of site "bank\/dubai" is not given\n/,
    );
  });

  it('keeps apart what differs', () => {
    const texts = formatViolations(
      violationsOf(
        notGiven('bank/fraud'),
        notGiven('bank/fraud', 'logs of site "bank/north" is not given'),
      ),
    );
    assert.equal(texts.length, 2);
    assert.match(texts[1] ?? '', /site "bank\/north"/);
  });
});
