import assert from 'node:assert/strict';
import { audit, type DataFlow, DataClass, flowVerdict, Jurisdiction, lateNamesOf } from '../src';

const zone = {
  name: 'bank',
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['aws:me-central-1'],
  data: [DataClass.PERSONAL],
  onPremises: {},
  transfers: [],
} as const;

function verdictOf(flow: DataFlow): string {
  return flowVerdict(audit(zone, [flow]), flow);
}

const declared: DataFlow = {
  status: 'declared',
  kind: 'log',
  owner: 'bank/fraud',
  dataClasses: [DataClass.PERSONAL],
  from: { name: 'site', place: 'aws:me-central-1' },
  to: { name: 'logs', place: 'aws:me-central-1', uri: 'https://logs.bank.example' },
  encryption: 'tls',
};

describe('flowVerdict', () => {
  it('says what rules and addresses come to', () => {
    assert.equal(verdictOf(declared), 'ok');
    const to = { name: 'logs', place: 'aws:eu-west-1' } as const;
    assert.equal(verdictOf({ ...declared, to }), 'refused');
    assert.equal(verdictOf({ ...declared, dataClasses: [DataClass.GOVERNMENT] }), 'open');
    assert.equal(
      verdictOf({
        status: 'absent',
        kind: 'log',
        owner: 'bank/fraud',
        dataClasses: [],
        at: 'aws:me-central-1',
        reason: 'read on the node',
      }),
      'absent',
    );
  });

  it('calls a flow late that no rule refuses yet, and refused where one does', () => {
    const late = { ...declared.to, uri: 'https://${late:host}/${late:path~2}' };
    assert.equal(verdictOf({ ...declared, to: late }), 'late');
    assert.deepEqual(lateNamesOf({ ...declared, to: late }), ['host', 'path']);
    assert.equal(verdictOf({ ...declared, to: { ...late, place: 'aws:eu-west-1' } }), 'refused');
  });
});
