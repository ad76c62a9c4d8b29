import assert from 'node:assert/strict';
import {
  audit,
  DataClass,
  type DataFlow,
  formatViolation,
  Jurisdiction,
  type ResidencyZone,
} from '@manara/residency';
import pc from 'picocolors';
import { formatAudit } from '../src/audit-report';

const zone: ResidencyZone = {
  name: 'bank',
  jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['aws:me-central-1'],
  data: [DataClass.PERSONAL],
  onPremises: {},
  transfers: [],
};
const base = { owner: 'bank/fraud', dataClasses: [DataClass.PERSONAL] };
const site = { name: 'site', place: 'aws:me-central-1' } as const;
const bucket = { name: 'bucket', place: 'aws:me-central-1' } as const;

const artifact = (uri: string): DataFlow => ({
  ...base,
  status: 'declared',
  kind: 'artifact',
  from: { ...bucket, uri },
  to: site,
  encryption: 'tls',
});
const absent: DataFlow = { ...base, status: 'absent', kind: 'trace', at: site.place, reason: 'r' };
const undeclared: DataFlow = {
  ...base,
  status: 'undeclared',
  kind: 'egress',
  at: site.place,
  evidence: 'a policy opens 0.0.0.0/0',
  fix: 'close it',
};
const plain = pc.createColors(false);

describe('formatAudit', () => {
  it('shows each flow with its addresses, and counts verdicts below', () => {
    const flows = [artifact('s3://models/1'), artifact('s3://models/2'), absent];
    assert.equal(
      formatAudit(audit(zone, flows), plain),
      [
        'bank AE-onshore: aws:me-central-1; personal data',
        '',
        '  verdict  kind      owner       from              to                what',
        '  ok       artifact  bank/fraud  aws:me-central-1  aws:me-central-1  s3://models/1 to site, tls',
        '  ok       artifact  bank/fraud  aws:me-central-1  aws:me-central-1  s3://models/2 to site, tls',
        '  absent   trace     bank/fraud  aws:me-central-1  -                 none: r',
        '',
        '3 flows: 2 ok, 1 absent with a reason, 0 refused',
      ].join('\n'),
    );
  });

  it('shows what the other end is told, where that is known', () => {
    const flag = (uri: string, told: readonly string[]): DataFlow => ({
      ...base,
      status: 'declared',
      kind: 'flag',
      from: site,
      to: { ...bucket, uri },
      encryption: 'tls',
      told,
    });
    const flows = [flag('grpcs://flagd:8013', ['caller', 'header:x-plan']), flag('https://f', [])];
    const lines = formatAudit(audit(zone, flows), plain).split('\n');
    assert.match(lines[3] ?? '', / site to grpcs:\/\/flagd:8013, tls, told caller, header:x-plan$/);
    assert.match(lines[4] ?? '', / site to https:\/\/f, tls, told nothing of requests$/);
  });

  it('calls no late address ok, and names the values that it waits for', () => {
    const flows = [artifact('s3://${late:bucket}/${late:key}'), artifact('s3://models/2')];
    assert.equal(
      formatAudit(audit(zone, flows), plain),
      [
        'bank AE-onshore: aws:me-central-1; personal data',
        '',
        '  verdict  kind      owner       from              to                what',
        '  late     artifact  bank/fraud  aws:me-central-1  aws:me-central-1  s3://${late:bucket}/${late:key} to site, tls; not judged yet (late values bucket, key)',
        '  ok       artifact  bank/fraud  aws:me-central-1  aws:me-central-1  s3://models/2 to site, tls',
        '',
        '2 flows: 1 ok, 0 absent with a reason, 0 refused, 1 not judged yet: give their late values with --values FILE',
      ].join('\n'),
    );
  });

  it('marks what is refused, and tells each violation in full', () => {
    const result = audit(zone, [undeclared]);
    const [violation] = result.violations;
    assert.ok(violation !== undefined);
    assert.equal(
      formatAudit(result, plain),
      [
        'bank AE-onshore: aws:me-central-1; personal data',
        '',
        '  verdict  kind    owner       from              to  what',
        '  refused  egress  bank/fraud  aws:me-central-1  ?   a policy opens 0.0.0.0/0',
        '',
        formatViolation(violation),
        '',
        '1 flow: 0 ok, 0 absent with a reason, 1 refused',
      ].join('\n'),
    );
  });

  it('does not call ok what no rule can judge', () => {
    const flow = { ...artifact('s3://models/1'), dataClasses: [DataClass.GOVERNMENT] };
    const government = { ...zone, data: [DataClass.GOVERNMENT] };
    assert.equal(
      formatAudit(audit(government, [flow, flow]), plain),
      [
        'bank AE-onshore: aws:me-central-1; government data',
        '',
        '  verdict  kind      owner       from              to                what',
        ...Array.from(
          { length: 2 },
          () =>
            '  open     artifact  bank/fraud  aws:me-central-1  aws:me-central-1  s3://models/1 to site, tls',
        ),
        '',
        'not assessed: no rule on the location of government data is implemented: the tiers of the National Cloud Security Policy were not verified',
        '  rule    government-data-location: where government data may be: not assessed',
        '',
        '2 flows: 0 ok, 0 absent with a reason, 2 not assessed, 0 refused',
      ].join('\n'),
    );
  });

  it('does not know the place of what lies in no site', () => {
    const nowhere: DataFlow = { ...undeclared, at: undefined };
    assert.match(
      formatAudit(audit(zone, [nowhere]), plain),
      /^ {2}refused {2}egress {2}bank\/fraud {2}\? {5}\? {3}a policy opens/m,
    );
  });
});
