import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import type { ServedModel, ServerConfig } from '@manara/contract';
import { mergeConfigs } from '../../src/dev/merge-configs';
import type { SiteConfig } from '../../src/dev/site-configs';

const digestA = 'a'.repeat(64);
const digestB = 'b'.repeat(64);

function model(name: string, sha256 = digestA, uri = 's3://models/x'): ServedModel {
  return { name, defaultVersion: 1, versions: [{ version: 1, uri, sha256 }] };
}

function config(source: string, content: ServerConfig): SiteConfig {
  return { source, config: content };
}

describe('mergeConfigs', () => {
  it('puts models side by side, in their order', () => {
    const merged = mergeConfigs([
      config('a/one', { models: [model('one')] }),
      config('a/two', { models: [model('two', digestB)] }),
    ]);
    assert.deepEqual(merged.models, [model('one'), model('two', digestB)]);
  });

  it('takes one model on two sites for one, wherever each reads it from', () => {
    const merged = mergeConfigs([
      config('a/one', { models: [model('one', digestA, 's3://a')] }),
      config('b/one', { models: [model('one', digestA, 'https://b')] }),
    ]);
    assert.deepEqual(merged.models, [model('one', digestA, 's3://a')]);
  });

  it('refuses two models of one name, naming both and what differs', () => {
    const both = [
      config('a/one', { models: [model('one')] }),
      config('b/one', { models: [model('one', digestB)] }),
    ];
    assert.throws(() => mergeConfigs(both), {
      name: 'CliError',
      message: [
        'one server cannot serve two models of one name; choose a site with --site:',
        '  - "one": a/one has version 1 (sha256 aaaaaaaaaaaa…), default 1; b/one has version 1 (sha256 bbbbbbbbbbbb…), default 1',
      ].join('\n'),
    });
  });

  it('refuses the same versions with another default', () => {
    const versions = [1, 2].map((version) => ({ version, uri: 's3://x', sha256: digestA }));
    const both = [1, 2].map((defaultVersion) =>
      config(`site-${defaultVersion}/one`, { models: [{ name: 'one', defaultVersion, versions }] }),
    );
    assert.throws(() => mergeConfigs(both), /default 1; site-2\/one has .*default 2$/);
  });

  it('refuses the same weights that are explained otherwise', () => {
    const explained = (sha256: string): ServedModel => {
      const version = { version: 1, uri: 's3://x', sha256: digestA };
      const explanation = { uri: 's3://x/explain.json', sha256 };
      return { name: 'one', defaultVersion: 1, versions: [{ ...version, explanation }] };
    };
    const both = [digestA, digestB].map((sha256, i) =>
      config(`site-${i}/one`, { models: [explained(sha256)] }),
    );
    assert.throws(
      () => mergeConfigs(both),
      /explain\.json aaaaaaaaaaaa….*explain\.json bbbbbbbbbbbb…/,
    );
  });

  it('takes the setting of the most demanding', () => {
    const merged = mergeConfigs([
      config('a', { maxRequestBytes: 4096, drainTimeoutSeconds: 60, logLevel: 'warn', workers: 1 }),
      config('b', { maxRequestBytes: 8192, drainTimeoutSeconds: 10, logLevel: 'info', workers: 1 }),
    ]);
    assert.equal(merged.maxRequestBytes, 8192);
    assert.equal(merged.drainTimeoutSeconds, 60);
    assert.equal(merged.logLevel, 'info');
    assert.equal(merged.workers, 1);
  });

  it('counts a setting that is left out as its default', () => {
    const merged = mergeConfigs([config('a', { maxRequestBytes: 4096 }), config('b', {})]);
    assert.equal(merged.maxRequestBytes, 64 * 1024 * 1024);
    assert.equal(merged.intraOpThreads, 1);
    assert.equal(merged.drainTimeoutSeconds, 30);
    assert.equal(merged.logLevel, 'info');
    assert.equal(merged.workers, availableParallelism());
  });

  it('runs no more threads than this machine has cores', () => {
    const merged = mergeConfigs([config('a', { workers: 256, intraOpThreads: 256 })]);
    assert.equal(merged.workers, availableParallelism());
    assert.equal(merged.intraOpThreads, availableParallelism());
  });
});
