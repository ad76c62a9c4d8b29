import assert from 'node:assert/strict';
import {
  audit,
  auditNotes,
  auditToJson,
  DataClass,
  flowKinds,
  formatViolation,
  places,
  rules,
} from '../src';
import type { Place } from '../src';
import { absentFlow, flowOf, undeclaredFlow, zoneOf } from './support';

const abroad = flowOf({ kind: 'trace', to: { name: 'trace sink', place: 'aws:eu-west-1' } });

describe('audit', () => {
  it('finds nothing to refuse in flows between two places of the zone', () => {
    const result = audit(zoneOf(), [flowOf(), absentFlow()]);
    assert.deepEqual(result.violations, []);
    assert.deepEqual(
      result.findings.map((finding) => [finding.rule.id, finding.flow.status]),
      [
        ['flow-can-be-judged', 'declared'],
        ['flow-is-declared', 'declared'],
        ['flow-stays-in-zone', 'declared'],
        ['pdpl-transfer-basis', 'declared'],
        ['personal-data-is-encrypted', 'declared'],
        ['flow-can-be-judged', 'absent'],
        ['flow-is-declared', 'absent'],
      ],
    );
  });

  it('lists every rule that refuses a flow', () => {
    const { violations } = audit(zoneOf(), [abroad, undeclaredFlow()]);
    assert.deepEqual(
      violations.map((v) => [v.rule.id, v.flow.kind]),
      [
        ['flow-stays-in-zone', 'trace'],
        ['pdpl-transfer-basis', 'trace'],
        ['flow-is-declared', 'log'],
      ],
    );
  });

  for (const kind of flowKinds) {
    it(`refuses a ${kind} flow that leaves the zone, and one that nobody declared`, () => {
      const flows = [flowOf({ ...abroad, kind }), undeclaredFlow({ kind })];
      const refusals = audit(zoneOf(), flows).violations.map((v) => v.rule.id);
      assert.deepEqual(refusals, ['flow-stays-in-zone', 'pdpl-transfer-basis', 'flow-is-declared']);
    });
  }

  it('refuses health data at every place of the table outside the UAE, and nowhere inside', () => {
    for (const [name, { country }] of Object.entries(places)) {
      const place = name as Place;
      const dataClasses = [DataClass.HEALTH];
      const end = { name: 'site', place };
      const flow = flowOf({ dataClasses, from: end, to: end });
      const { violations } = audit(zoneOf({ places: [place] }), [flow]);
      const expected = country === 'AE' ? [] : ['health-data-stays-in-uae'];
      assert.deepEqual(
        violations.map((v) => v.rule.id),
        expected,
        name,
      );
    }
  });
});

describe('formatViolation', () => {
  it('names the flow, what was found, the rule, its sources and the fix', () => {
    const [first, second] = audit(zoneOf(), [abroad]).violations;
    assert.equal(
      formatViolation(first!),
      [
        'trace flow of app/fraud: "trace sink" is at aws:eu-west-1, outside zone "bank" (aws:me-central-1, azure:uaenorth)',
        '  rule    flow-stays-in-zone: both ends of every flow lie in a place that the zone permits',
        "  source  the zone's list of places (declared, read at each audit)",
        '  fix     use one inside the zone, or add "aws:eu-west-1" to the zone\'s places with a lawful transfer basis',
      ].join('\n'),
    );
    assert.match(
      formatViolation(second!),
      /^ {2}source {2}Federal Decree-Law 45\/2021 \(PDPL\), Arts 22 and 23 \(secondary, read 2026-11-22\)$/m,
    );
  });
});

describe('auditToJson', () => {
  it('says what the other end is told, where that is known', () => {
    const { flows } = auditToJson(audit(zoneOf(), [flowOf({ told: ['caller'] }), flowOf()]));
    assert.deepEqual(flows[0]?.told, ['caller']);
    assert(!('told' in (flows[1] ?? {})));
  });

  it('gives every flow with its verdicts, every violation and every rule', () => {
    const uri = 'https://logs.bank.ae';
    const sink = flowOf({ to: { name: 'log sink', place: 'azure:uaenorth', uri } });
    const transfers = [
      { to: 'azure:uaenorth', basis: 'PDPL Art 22', evidence: 'register 4' },
    ] as const;
    const flows = [sink, absentFlow(), undeclaredFlow({ kind: 'metric' })];
    const json = auditToJson(audit(zoneOf({ transfers }), flows));
    const head = { owner: 'app/fraud', dataClasses: ['personal'] };
    assert.deepEqual(json, {
      version: 2,
      zone: 'bank',
      jurisdiction: 'AE-onshore',
      places: ['aws:me-central-1', 'azure:uaenorth'],
      data: ['personal'],
      transfers,
      compliant: false,
      flows: [
        {
          ...head,
          kind: 'log',
          status: 'declared',
          from: { name: 'site primary', place: 'aws:me-central-1' },
          to: { name: 'log sink', place: 'azure:uaenorth', uri },
          encryption: 'tls',
          verdicts: [
            { rule: 'flow-can-be-judged', outcome: 'compliant' },
            { rule: 'flow-is-declared', outcome: 'compliant' },
            { rule: 'flow-stays-in-zone', outcome: 'compliant' },
            { rule: 'pdpl-transfer-basis', outcome: 'compliant' },
            { rule: 'personal-data-is-encrypted', outcome: 'compliant' },
          ],
        },
        {
          ...head,
          kind: 'log',
          status: 'absent',
          at: 'aws:me-central-1',
          reason: 'nothing is kept',
          verdicts: [
            { rule: 'flow-can-be-judged', outcome: 'compliant' },
            { rule: 'flow-is-declared', outcome: 'compliant' },
          ],
        },
        {
          ...head,
          kind: 'metric',
          status: 'undeclared',
          at: 'aws:me-central-1',
          evidence: 'log sink is not given',
          verdicts: [
            { rule: 'flow-can-be-judged', outcome: 'compliant' },
            {
              rule: 'flow-is-declared',
              outcome: 'violation',
              because: 'log sink is not given',
              fix: 'declare it',
            },
          ],
        },
      ],
      violations: [
        {
          rule: 'flow-is-declared',
          kind: 'metric',
          owner: 'app/fraud',
          because: 'log sink is not given',
          fix: 'declare it',
        },
      ],
      notAssessed: [],
      notes: auditNotes,
      rules: rules.map(({ id, title, sources }) => ({ id, title, sources })),
    });
  });

  it('says which late values a flow waits for, and nothing of them where it waits for none', () => {
    const uri = 'https://${late:logs-host}/${late:logs-host}';
    const late = flowOf({ to: { name: 'log sink', place: 'aws:me-central-1', uri } });
    const json = auditToJson(audit(zoneOf(), [late, flowOf()]));
    assert.deepEqual(json.flows[0]?.notJudgedYet, ['logs-host']);
    assert.equal(json.compliant, false);
    assert.equal('notJudgedYet' in (json.flows[1] ?? {}), false);
  });

  it('is plain data: it survives JSON', () => {
    const json = auditToJson(audit(zoneOf(), [flowOf(), absentFlow(), abroad]));
    assert.deepEqual(JSON.parse(JSON.stringify(json)), json);
  });

  it('does not call compliant what no rule can judge, and says so once', () => {
    const government = flowOf({ dataClasses: [DataClass.GOVERNMENT] });
    const json = auditToJson(
      audit(zoneOf({ data: [DataClass.GOVERNMENT] }), [government, government]),
    );
    assert.equal(json.compliant, false);
    assert.deepEqual(json.violations, []);
    assert.deepEqual(json.notAssessed, [
      {
        rule: 'government-data-location',
        because:
          'no rule on the location of government data is implemented: the tiers of the National Cloud Security Policy were not verified',
      },
    ]);
  });

  it('says that requests and answers are not looked at', () => {
    const { notes } = auditToJson(audit(zoneOf(), []));
    assert.match(notes.join(), /^Requests and answers between callers and endpoints are not/);
  });

  it('leaves the place of what lies in no site out', () => {
    const [flow] = auditToJson(audit(zoneOf(), [undeclaredFlow({ at: undefined })])).flows;
    assert.equal(flow !== undefined && 'at' in flow, false);
  });

  it('is compliant where nothing is refused', () => {
    assert.equal(auditToJson(audit(zoneOf(), [flowOf()])).compliant, true);
  });
});
