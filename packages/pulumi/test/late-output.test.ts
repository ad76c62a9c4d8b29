import assert from 'node:assert/strict';
import { late } from '@manara/constructs';
import * as pulumi from '@pulumi/pulumi';
import { lateOutput } from '../src/late-output';
import { errorText } from './support/error-text';
import { settled } from '@manara/pulumi-testing';

describe('lateOutput', () => {
  it('takes an Output, a promise and plain text as a source', async () => {
    const text = [
      late('an-output', pulumi.output('a')),
      late('a-promise', Promise.resolve('b')),
      late('a-promised-output', Promise.resolve(pulumi.output('c'))),
      late('plain', 'd'),
    ].join('/');
    assert.equal(await settled(lateOutput(text)), 'a/b/c/d');
  });

  it('is secret when one piece is', async () => {
    const open = late('open', pulumi.output('open'));
    const secret = late('closed', pulumi.secret('closed'));
    assert.equal(await pulumi.isSecret(lateOutput(`${open}-x`)), false);
    assert.equal(await pulumi.isSecret(lateOutput(`${open}-${secret}`)), true);
  });

  it('keeps JSON valid whatever the value holds', async () => {
    const text = JSON.stringify({ uri: late('quoted', pulumi.output('a"b\nc\\')) });
    assert.deepEqual(JSON.parse(await settled(lateOutput(text))), { uri: 'a"b\nc\\' });
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['a number', 8000, /expected text, received number; make it text with output\.apply\(String\)/],
    ['an object', { uri: 's3://x' }, /received object; .* name the property that holds the text/],
    ['nothing', null, /received object/],
    ['error text', errorText, /put into a string; use pulumi\.interpolate/],
    ['a marker', late('inner', pulumi.output('x')), /marker of another late value/],
  ];
  for (const [what, value, reason] of refused) {
    it(`refuses ${what}, naming the late value and its type only`, async () => {
      const text = late('wrong', pulumi.output(value));
      await assert.rejects(settled(lateOutput(text)), (error: Error) => {
        assert.equal(error.name, 'DeployError');
        assert.match(error.message, /^late\("wrong"\): expected text.*\(MANARA_LATE_VALUE\)$/s);
        assert.match(error.message, reason);
        return true;
      });
    });
  }
});
