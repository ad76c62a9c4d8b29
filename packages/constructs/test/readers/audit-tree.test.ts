import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { auditTree, late, LogSink } from '../../src';
import { newEndpoint, newSite, newZone, untyped } from '../support/fixtures';

describe('auditTree', () => {
  it('has no audit for a tree without zones', () => {
    assert.deepEqual(auditTree(new App()), []);
  });

  it('has every flow of a zone, and no violation where all stay inside', () => {
    const app = new App();
    newEndpoint(newSite(newZone(app)));
    const [audit, ...rest] = auditTree(app);
    assert.equal(rest.length, 0);
    assert.equal(audit?.zone.name, 'bank');
    assert.equal(audit.flows.length, 7);
    assert.deepEqual(audit.violations, []);
  });

  it('judges a late address once its value is given, and not before', () => {
    const app = new App();
    const uri = `https://${late('logs-host')}/${late('logs-path')}`;
    const logs = new LogSink({ place: 'aws:me-central-1', uri });
    newEndpoint(newSite(newZone(app), 'dubai', { logs }));
    const rulesBroken = (values: Readonly<Record<string, string>>) =>
      auditTree(app, values).flatMap(({ violations }) => violations.map((v) => v.rule.id));
    const host = { 'logs-host': 'logs.eu-west-1.amazonaws.com' };
    assert.deepEqual(rulesBroken({}), []);
    assert.deepEqual(rulesBroken(host), [], 'half an address is none');
    assert.deepEqual(rulesBroken({ ...host, 'logs-path': 'a' }), ['uri-matches-place']);
  });

  it('finds what synth would refuse, without synthesizing', () => {
    const app = new App();
    const logs = new LogSink({ place: 'aws:eu-west-1', uri: 'https://logs.example' });
    newEndpoint(newSite(newZone(app), 'dubai', { logs: untyped(logs) }));
    const [audit] = auditTree(app);
    assert.deepEqual(
      audit?.violations.map((v) => [v.rule.id, v.flow.kind]),
      [
        ['flow-stays-in-zone', 'log'],
        ['pdpl-transfer-basis', 'log'],
      ],
    );
  });
});
