import assert from 'node:assert/strict';
import { drillReport } from '../../src/drill/drill-report';
import { formatDrill } from '../../src/drill/report';
import type { Check } from '../../src/drill/check';
import { SiteClient } from '../../src/drill/site-client';
import { Terminal } from '../../src/terminal';
import { version } from '../../src/version';
import { drilledStack } from '../support/drilled';

const { colors } = new Terminal({ write: () => true }, { write: () => true });

function report(checks: readonly Check[]) {
  const stack = drilledStack();
  const inspections = stack.endpoints.map((drilled) => ({
    drilled,
    sites: drilled.sites.map((site) => ({
      site,
      client: new SiteClient(`http://${site.node.id}`),
    })),
    checks,
  }));
  return drillReport(stack, new Date(0), inspections);
}

const ready: Check = {
  verdict: 'ok',
  endpoint: 'fraud',
  what: 'server',
  site: 'dubai',
  found: 'ready',
};

describe('the report of a drill', () => {
  it('shows what was promised, every check, and how many hold', () => {
    const checks: readonly Check[] = [
      ready,
      {
        verdict: 'open',
        endpoint: 'fraud',
        what: 'answers 1',
        site: 'north',
        found: 'not compared',
      },
      { verdict: 'failed', what: 'restored', site: 'dubai', found: 'NOT ready again' },
    ];
    assert.deepEqual(formatDrill(report(checks), colors).split('\n'), [
      'bank/uae dubai (aws:me-central-1), north (azure:uaenorth); recovery.time 5 s, recovery.point 1800 s',
      `drilled 1970-01-01T00:00:00.000Z with manara ${version}`,
      '',
      '  verdict  endpoint  what       site   found',
      '  ok       fraud     server     dubai  ready',
      '  open     fraud     answers 1  north  not compared',
      '  failed   -         restored   dubai  NOT ready again',
      '',
      '3 checks: 1 ok, 1 open, 1 failed',
    ]);
  });

  it('says to machines where it asked, and whether all of it holds', () => {
    const { holds, endpoints, promised } = report([ready]);
    assert.equal(holds, true);
    assert.deepEqual(promised, { timeSeconds: 5, pointSeconds: 1800, failoverSeconds: 2 });
    assert.deepEqual(endpoints, [
      {
        name: 'fraud',
        versions: [1, 2],
        addresses: { dubai: 'http://dubai', north: 'http://north' },
      },
    ]);
    assert.equal(report([{ ...ready, verdict: 'open' }]).holds, true);
    assert.equal(report([ready, { ...ready, verdict: 'failed' }]).holds, false);
  });
});
