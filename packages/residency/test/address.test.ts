import assert from 'node:assert/strict';
import { hostOf } from '../src/address';

describe('hostOf', () => {
  const addresses: readonly (readonly [string, string | undefined])[] = [
    ['https://Logs.Bank.AE:4318/v1/logs?x=1', 'logs.bank.ae'],
    ['https://user:pass@logs.bank.ae/', 'logs.bank.ae'],
    ['https://logs.bank.ae.', 'logs.bank.ae'],
    ['https://[2001:db8::1]:443/', '2001:db8::1'],
    ['oci://ghcr.io/org/chart', 'ghcr.io'],
    ['azblob://bankmodels/models/fraud', 'bankmodels.blob.core.windows.net'],
    ['azblob:///models', undefined],
    ['grpcs://collector.bank.ae:4317', 'collector.bank.ae'],
    ['hf://org/model', 'huggingface.co'],
    ['ghcr.io/org/image@sha256:00', 'ghcr.io'],
    ['localhost/image:1', 'localhost'],
    ['registry:5000/image', 'registry'],
    ['intake.datadoghq.com:443', 'intake.datadoghq.com'],
    ['library/nginx:1.25', undefined],
    ['nginx', undefined],
    ['s3://docker.io/key', undefined],
    ['gs://bucket/key', undefined],
    ['file:///models', undefined],
    ['https://${late:host}/x', undefined],
    ['https://', undefined],
    ['', undefined],
  ];
  for (const [address, expected] of addresses) {
    it(`${address === '' ? '(none)' : address} is on ${expected ?? 'no host'}`, () => {
      assert.equal(hostOf(address), expected);
    });
  }
});
