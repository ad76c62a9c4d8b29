import assert from 'node:assert/strict';
import { late } from '../../src';
import {
  encryptionBetween,
  encryptionTo,
  portOf,
  schemeOf,
  validateUri,
} from '../../src/props/uri';
import { refuses } from '../support/errors';

describe('schemeOf', () => {
  it('gives the scheme with its colon', () => {
    assert.equal(schemeOf('s3://bucket/key'), 's3:');
    assert.equal(schemeOf(`https://${late('host')}/x`), 'https:');
  });

  it('gives nothing where the scheme itself is late', () => {
    assert.equal(schemeOf(`${late('bucket')}/fraud`), undefined);
  });

  it('gives an empty text where there is none', () => {
    assert.equal(schemeOf('logs.bank.example'), '');
    assert.equal(schemeOf('S3://bucket'), '');
  });
});

describe('encryptionTo', () => {
  for (const [uri, expected] of [
    ['https://x', 'tls'],
    ['s3://x', 'tls'],
    ['oci://x', 'tls'],
    ['grpcs://x', 'tls'],
    ['http://x', 'none'],
    ['file:///x', 'local'],
    ['pvc://x', 'local'],
    ['ftp://x', 'none'],
    ['${late:unknown}', 'tls'],
  ] as const) {
    it(`to ${uri} is ${expected}`, () => {
      assert.equal(encryptionTo(uri), expected);
    });
  }
});

describe('encryptionBetween', () => {
  it('is that of the weaker end that is on a network', () => {
    assert.equal(encryptionBetween('s3://a', 'pvc://b'), 'tls');
    assert.equal(encryptionBetween('pvc://a', 'http://b'), 'none');
    assert.equal(encryptionBetween('s3://a', 'http://b'), 'none');
    assert.equal(encryptionBetween('pvc://a', 'file:///b'), 'local');
  });
});

describe('portOf', () => {
  for (const [uri, expected] of [
    ['https://models.bank.example/store', 443],
    ['https://models.bank.example:8443/store', 8443],
    ['http://collector.monitoring.svc', 80],
    ['http://collector.monitoring.svc:4318', 4318],
    ['https://[fd00::1]:9000/x', 9000],
    ['https://[fd00::1]/x', 443],
    ['https://host/path:12', 443],
    ['s3://bank-models', 443],
    ['${late:address}', 443],
    ['https://${late:host}:9443/x', 9443],
  ] as const) {
    it(`of ${uri} is ${expected}`, () => {
      assert.equal(portOf(uri), expected);
    });
  }
});

describe('validateUri', () => {
  it('accepts the schemes given, and whatever is not known yet', () => {
    validateUri('X', 'https://a', ['https:']);
    validateUri('X', late('uri'), ['https:']);
  });

  it('names the schemes allowed and the address received', () => {
    refuses(
      () => {
        validateUri('LogSink', 'logs.bank.example', ['https:', 's3:']);
      },
      'MANARA_URI',
      '[LogSink]',
      'https://, s3://',
      '"logs.bank.example"',
    );
  });
});
