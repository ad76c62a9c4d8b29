import assert from 'node:assert/strict';
import { StartError } from '../../src';
import { ServerLog } from '../../src/telemetry/logger';
import { ServerMetrics } from '../../src/telemetry/metrics';
import { pseudonym } from '../../src/variants/draw';
import { openVariants } from '../../src/variants/open-variants';
import { saltOf } from '../../src/variants/salt';
import { TemporaryRepository } from '../support/temporary';
import { termsOf, versionOf } from '../support/runs';

describe('the salt of variants', () => {
  const files = new TemporaryRepository();
  after(() => {
    files.remove();
  });

  it('is what the configuration or its file says, and nothing otherwise', () => {
    assert.equal(saltOf({}), '');
    assert.equal(saltOf({ salt: 's' }), 's');
    assert.equal(saltOf({ saltFile: files.write('salt', 'of the file\n') }), 'of the file');
  });

  it('is not begun without: a file that is missing or empty is refused', () => {
    assert.throws(() => saltOf({ saltFile: '/nowhere/salt' }), {
      name: StartError.name,
      message: 'variants.saltFile "/nowhere/salt" cannot be read: ENOENT',
    });
    const file = files.write('empty', ' \n');
    assert.throws(() => saltOf({ saltFile: file }), {
      message: `variants.saltFile "${file}" holds no salt`,
    });
  });

  it('keys the pseudonyms of callers', async () => {
    const opened = await openVariants(
      {
        models: { plus: { variants: { a: { version: 1, weight: 1 } } } },
        saltFile: files.write('salt', 'of the file\n'),
      },
      {
        registry: new ServerMetrics(() => true),
        log: new ServerLog('error'),
        configFile: undefined,
      },
    );
    const assigned = await opened.variants.assign('plus', [versionOf('plus')], termsOf('ada'));
    assert.equal(assigned?.unit, pseudonym('of the file', 'ada'));
    await opened.close();
  });
});
