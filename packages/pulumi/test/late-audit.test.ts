import assert from 'node:assert/strict';
import { auditTree, late } from '@manara/constructs';
import * as pulumi from '@pulumi/pulumi';
import { LateAudit } from '../src/late-audit';
import { settled } from '@manara/pulumi-testing';
import { tree, type TreeInputs } from './support/tree';

function auditOf(inputs: TreeInputs): LateAudit {
  return new LateAudit(auditTree(tree(inputs).app));
}

describe('LateAudit', () => {
  it('hands out text whose addresses turn out to be in their place', async () => {
    const bucketUri = late('good-bucket', pulumi.output('https://s3.me-central-1.amazonaws.com/m'));
    const text = auditOf({ bucketUri }).resolve(`${bucketUri}/fraud.onnx`);
    assert.equal(await settled(text), 'https://s3.me-central-1.amazonaws.com/m/fraud.onnx');
  });

  const abroad: readonly (readonly [string, string, RegExp])[] = [
    [
      'an address in another region',
      'https://s3.eu-west-1.amazonaws.com/m',
      /artifact flow of bank\/fraud: "model bucket" is declared at aws:me-central-1, but its address s3\.eu-west-1\.amazonaws\.com is in aws:eu-west-1/,
    ],
    [
      'an address without encryption',
      'http://models.bank.example',
      /which is not known to be encrypted/,
    ],
  ];
  for (const [what, address, reason] of abroad) {
    it(`withholds ${what}, naming flow, rule and fix`, async () => {
      const bucketUri = late('bad-bucket', pulumi.output(address));
      await assert.rejects(settled(auditOf({ bucketUri }).resolve(bucketUri)), (error: Error) => {
        assert.equal(error.name, 'DeployError');
        assert.match(error.message, reason);
        assert.match(error.message, /^ {2}rule {4}[a-z-]+: /m);
        assert.match(error.message, /^ {2}fix {5}.+\n \(MANARA_RESIDENCY\)$/m);
        return true;
      });
    });
  }

  it('withholds an address range that no one place can have', async () => {
    const range = late('bad-range', pulumi.output('52.0.0.0/8'));
    await assert.rejects(
      settled(auditOf({ bucketRange: range }).resolve(range)),
      (error: Error) => {
        assert.equal(error.name, 'DeployError');
        assert.match(
          error.message,
          /reached at 52\.0\.0\.0\/8, which is public and wider than \/16/,
        );
        assert.match(error.message, /^ {2}rule {4}address-range-is-plausible: /m);
        return true;
      },
    );
  });

  it('lets a text through that waits for nothing of the flow that is refused', async () => {
    const audit = auditOf({ bucketUri: 's3://models' });
    assert.equal(await settled(audit.resolve(late('other', pulumi.output('fine')))), 'fine');
  });

  it('hides no text from a preview because the address of another flow is unknown', async () => {
    const registry = late('known-registry', pulumi.output('registry.bank.example'));
    const unknown = pulumi.output(pulumi.unknown as unknown as string);
    const audit = auditOf({ registry, bucketUri: late('unknown-bucket', unknown) });
    assert.equal(
      await settled(audit.resolve(`${registry}/server`)),
      'registry.bank.example/server',
    );
  });

  it('keeps secrets secret and open text open', async () => {
    const [open, secret] = [
      late('r', pulumi.output('r.example')),
      late('s', pulumi.secret('s3://m')),
    ];
    const audit = auditOf({ registry: open, bucketUri: secret });
    assert.equal(await pulumi.isSecret(audit.resolve(open)), false);
    assert.equal(await pulumi.isSecret(audit.resolve(`${secret}/x`)), true);
  });
});
