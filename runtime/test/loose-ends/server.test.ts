import assert from 'node:assert/strict';
import type { FallbacksConfig, VariantsConfig } from '@manara/contract';
import { postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';
import { until } from '../support/until';

describe('names of the configuration that nothing stands behind', () => {
  const repository = new TemporaryRepository();
  let test: TestServer;
  const warnings = (): readonly unknown[] =>
    test.logs
      .filter(({ event }) => event === 'name_unserved')
      .map(({ level, msg }) => [level, msg]);
  const unserved = async (): Promise<string | undefined> =>
    /^manara_unserved_names (\d+)$/m.exec(await (await fetch(test.metricsUrl)).text())?.[1];
  const control = async (model: string, action: 'load' | 'unload'): Promise<void> => {
    const { status } = await postJson(`${test.url}/v2/repository/models/${model}/${action}`);
    assert.equal(status, 200);
  };
  const versions = (second: number) => ({
    old: { version: 1, weight: 1 },
    new: { version: second, weight: 1 },
  });
  const variants: VariantsConfig = {
    reloadSeconds: 1,
    models: {
      m: { variants: versions(9), outcome: { output: 'label', as: 'value' } },
      typo: { variants: { only: { version: 1, weight: 1 } } },
    },
  };
  const fallbacks: FallbacksConfig = {
    m: { chain: [{ model: 'smal' }, { model: 'small', version: 3 }, { model: 'small' }] },
    gone: { chain: [{ model: 'm' }] },
  };
  const configFile = repository.write('.config.json', '');
  const write = (models: VariantsConfig['models']): void => {
    const config = { modelRepository: '/models', variants: { ...variants, models } };
    repository.write('.config.json', JSON.stringify(config));
  };

  before(async () => {
    for (const model of ['m', 'small']) repository.add(model, 1, addConstant(1));
    repository.add('late', 1, addConstant(1));
    write(variants.models);
    test = await startTestServer(repository.folder, {
      controlMode: 'explicit',
      loadModels: ['m', 'small'],
      workers: 1,
      variants,
      fallbacks,
      configFile,
    });
  });
  after(async () => {
    await test.server.close();
    repository.remove();
  });

  it('are told once at start, each with what is there, and counted', async () => {
    assert.deepEqual(warnings(), [
      [
        'warn',
        'variants.models.m.outcome.output: version 1 of model "m" has no output "label", it has "y"; its outcomes are compared with nothing',
      ],
      [
        'warn',
        'variants.models.m.variants.new: version 9 of model "m" does not answer, only 1; the variant is passed over',
      ],
      ['warn', 'variants.models.typo: no model "typo" is loaded, only "m", "small"'],
      [
        'warn',
        'fallbacks.m.chain.0: no model "smal" is loaded, only "m", "small"; it is passed over',
      ],
      [
        'warn',
        'fallbacks.m.chain.1: version 3 of model "small" does not answer, only 1; it is passed over',
      ],
      ['warn', 'fallbacks.gone: no model "gone" is loaded, only "m", "small"'],
    ]);
    assert.equal(await unserved(), '6');
    const one = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }] };
    assert.equal((await postJson(`${test.url}/v2/models/m/infer`, one)).status, 200);
  });

  it('are told when models go, and counted no more when they are back', async () => {
    const before = warnings().length;
    await control('small', 'load');
    assert.deepEqual(warnings().slice(before), []);
    await control('small', 'unload');
    assert.deepEqual(warnings().slice(before), [
      ['warn', 'fallbacks.m.chain.1: no version of model "small" answers; it is passed over'],
      ['warn', 'fallbacks.m.chain.2: no version of model "small" answers; it is passed over'],
    ]);
    assert.equal(await unserved(), '7');
    await control('small', 'load');
    assert.equal(await unserved(), '6');
  });

  it('are told when the configuration file is taken anew', async () => {
    const before = warnings().length;
    write({ m: { variants: versions(7) } });
    await until(() => warnings().length > before);
    assert.deepEqual(warnings().slice(before), [
      [
        'warn',
        'variants.models.m.variants.new: version 7 of model "m" does not answer, only 1; the variant is passed over',
      ],
    ]);
    assert.equal(await unserved(), '4');
  });
});
