import assert from 'node:assert/strict';
import * as pulumi from '@pulumi/pulumi';
import { record, recordRefusal, settled } from '../src';

class Thing extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;

  constructor(name: string, props: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super('test:index:Thing', name, { arn: undefined, ...props }, opts);
  }
}

describe('record', () => {
  it('shows parents, dependencies, providers and what updates leave alone', async () => {
    const { registered } = await record(() => {
      const parent = new pulumi.ComponentResource('test:index:Group', 'group');
      const first = new Thing('first', { a: 1 }, { parent });
      new Thing('second', {}, { dependsOn: first, ignoreChanges: ['b'] });
    });
    const byName = new Map(registered.map((r) => [r.name, r]));
    assert.deepEqual([...byName.keys()].sort(), ['first', 'group', 'second']);
    assert.equal(byName.get('first')?.parent, 'group');
    assert.deepEqual(byName.get('first')?.inputs, { a: 1 });
    assert.deepEqual(byName.get('second')?.dependsOn, ['first']);
    assert.deepEqual(byName.get('second')?.ignoreChanges, ['b']);
    assert.equal(byName.get('second')?.provider, '');
  });

  it('marks what is secret, however deep', async () => {
    const { registered } = await record(
      () => new Thing('it', { list: [{ key: pulumi.secret('s3cret') }], open: 'x' }),
    );
    assert.deepEqual(registered[0]?.inputs, { list: [{ key: { secret: 's3cret' } }], open: 'x' });
  });

  it('answers as a provider would', async () => {
    const { result } = await record(() => new Thing('it', {}), {
      outputs: (type, name) => ({ arn: `${type}/${name}` }),
    });
    assert.equal(await settled(result.arn), 'test:index:Thing/it');
  });

  it('starts anew each time', async () => {
    await record(() => new Thing('it', {}));
    const { registered } = await record(() => new Thing('other', {}));
    assert.deepEqual(
      registered.map(({ name }) => name),
      ['other'],
    );
  });
});

describe('recordRefusal', () => {
  it('keeps what was registered before, and the reason', async () => {
    const { registered, message } = await recordRefusal(() => {
      new Thing('first', {});
      throw new Error('no');
    });
    assert.deepEqual(
      registered.map(({ name }) => name),
      ['first'],
    );
    assert.equal(message, 'no');
  });

  it('says nothing of a program that was not refused', async () => {
    assert.equal((await recordRefusal(() => new Thing('it', {}))).message, '');
  });
});

describe('settled', () => {
  it('is what an Output comes out as, or why it does not', async () => {
    assert.equal(await settled(pulumi.output(1).apply((n) => n + 1)), 2);
    const broken = pulumi.output(1).apply(() => {
      throw new Error('broken');
    });
    await assert.rejects(settled(broken), /broken/);
  });
});
