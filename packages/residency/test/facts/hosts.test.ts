import assert from 'node:assert/strict';
import { hostFact, hosts } from '../../src';

describe('hostFact', () => {
  const found: readonly (readonly [string, string | undefined])[] = [
    ['docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['notdocker.io', undefined],
    ['docker.io.bank.ae', undefined],
    ['us3.datadoghq.com', 'us3.datadoghq.com'],
    ['intake.us3.datadoghq.com', 'us3.datadoghq.com'],
    ['intake.datadoghq.com', 'datadoghq.com'],
    ['events.eu.launchdarkly.com', 'eu.launchdarkly.com'],
    ['public.ecr.aws', 'public.ecr.aws'],
    ['123456789012.dkr.ecr.me-central-1.amazonaws.com', undefined],
    ['eu.gcr.io', 'gcr.io'],
    ['models.storage.googleapis.com', 'storage.googleapis.com'],
    ['models.s3.amazonaws.com', 's3.amazonaws.com'],
    ['models.s3.me-central-1.amazonaws.com', undefined],
    ['d111.cloudfront.net', 'cloudfront.net'],
    ['', undefined],
  ];
  for (const [host, expected] of found) {
    it(`${host === '' ? '(none)' : host} is ${expected ?? 'not known'}`, () => {
      assert.equal(hostFact(host)?.host, expected);
    });
  }
});

describe('the table of hosts', () => {
  it('names every host once', () => {
    const names = hosts.map((fact) => fact.host);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it('rests on no unverified source, and has no host in the UAE', () => {
    for (const { host, countries, source } of hosts) {
      assert.notEqual(source.standing, 'unverified', host);
      assert.equal(countries.includes('AE'), false, host);
    }
  });
});
