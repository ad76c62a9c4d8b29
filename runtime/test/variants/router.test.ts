import assert from 'node:assert/strict';
import type { RoutedModel } from '@manara/contract';
import type { Assignment } from '../../src/variants/assignment';
import type { FlagQuestion } from '../../src/variants/flags/flag-source';
import { VariantRouter } from '../../src/variants/router';
import { termsOf, versionOf } from '../support/runs';

const fraud: RoutedModel = {
  variants: { control: { version: 1, weight: 1 }, challenger: { version: 2, weight: 1 } },
};
const ready = [versionOf('fraud', 1), versionOf('fraud', 2)];

function assign(
  model: RoutedModel,
  terms = termsOf('layla'),
  { versions = ready, flag }: { versions?: typeof ready; flag?: string } = {},
): Promise<Assignment | undefined> {
  const router = new VariantRouter({
    models: { fraud: model },
    salt: 's',
    flag: flag === undefined ? undefined : () => Promise.resolve(flag),
  });
  return Promise.resolve(router.assign('fraud', versions, terms));
}

describe('VariantRouter', () => {
  it('says nothing of a model that is not routed, whatever its name', () => {
    const router = new VariantRouter({ models: { fraud }, salt: '' });
    for (const name of ['other', 'constructor', '__proto__']) {
      assert.equal(router.assign(name, ready, termsOf('layla')), undefined);
    }
  });

  it('sticks to the caller, or to the header that is named', async () => {
    const first = await assign(fraud);
    for (let i = 0; i < 20; i++) assert.deepEqual(await assign(fraud), first);
    assert.equal(first?.reason, 'weight');
    const sticky = { ...fraud, stickyHeader: 'x-customer' };
    const one = await assign(sticky, termsOf('layla', { 'x-customer': '7' }));
    assert.deepEqual(await assign(sticky, termsOf('omar', { 'x-customer': '7' })), one);
    assert.notEqual(one?.unit, first.unit);
  });

  it('draws each request by itself where nobody says who asks', async () => {
    const drawn = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const given = await assign(fraud, termsOf(''));
      assert.equal(given?.unit, undefined);
      drawn.add(given?.variant ?? '');
    }
    assert.deepEqual([...drawn].sort(), ['challenger', 'control']);
  });

  it('follows the first rule that matches before anything else', async () => {
    const rules = [
      { header: 'x-cohort', equals: 'beta', variant: 'challenger' },
      { header: 'x-cohort', equals: 'beta', variant: 'control' },
    ];
    const terms = termsOf('layla', { 'x-cohort': 'beta' });
    const model = { ...fraud, rules, flag: 'f' };
    const given = await assign(model, terms, { flag: 'control' });
    assert.deepEqual([given?.variant, given?.version, given?.reason], ['challenger', 2, 'rule']);
    const other = await assign(model, termsOf('layla', { 'x-cohort': 'Beta' }), {
      flag: 'control',
    });
    assert.equal(other?.reason, 'flag');
  });

  it('follows the flag where it names a variant, and the weights where it does not', async () => {
    const model = { ...fraud, flag: 'f' };
    assert.equal((await assign(model, termsOf('x'), { flag: 'challenger' }))?.reason, 'flag');
    assert.equal((await assign(model, termsOf('x'), { flag: 'nobody' }))?.reason, 'weight');
    assert.equal((await assign(model, termsOf('x')))?.reason, 'weight');
  });

  it('asks the flag with a pseudonym, not with the name', async () => {
    const asked: FlagQuestion[] = [];
    const router = new VariantRouter({
      models: { fraud: { ...fraud, flag: 'f' } },
      salt: 's',
      flag: (question) => {
        asked.push(question);
        return Promise.resolve(undefined);
      },
    });
    await router.assign('fraud', ready, termsOf('layla'));
    const [question] = asked;
    assert.match(question?.unit ?? '', /^[\w-]{22}$/);
    assert.deepEqual([question?.key, question?.model], ['f', 'fraud']);
  });

  it('gives nobody a version that does not answer', async () => {
    for (let i = 0; i < 30; i++) {
      const given = await assign(fraud, termsOf(`caller ${i}`), {
        versions: [versionOf('fraud', 2)],
      });
      assert.equal(given?.version, 2);
    }
    assert.equal(
      await assign(fraud, termsOf('x'), { versions: [versionOf('fraud', 3)] }),
      undefined,
    );
  });
});
