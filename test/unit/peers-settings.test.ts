import assert from 'node:assert/strict';
import { cases } from '../bench/peers/cases';
import { everybody } from '../bench/peers/contenders/everybody';
import { readSettings } from '../bench/peers/settings';

describe('settings of bench:peers', () => {
  it('are three rounds of everything where nothing is said', () => {
    const settings = readSettings({});
    assert.deepEqual(
      { ...settings, cases: settings.cases.length, peers: settings.peers.length },
      {
        rounds: 3,
        seconds: 2,
        peers: everybody.length + 1,
        cases: cases.length,
        parts: ['cases', 'health', 'defaults'],
      },
    );
  });

  it('choose by name', () => {
    const settings = readSettings({
      MANARA_PEERS_ROUNDS: '5',
      MANARA_PEERS_SECONDS: '0.5',
      MANARA_PEERS: 'mosec, FastAPI tuned',
      MANARA_PEERS_CASES: 'mlp-rest-64,mlp-rest-1',
      MANARA_PEERS_PARTS: 'cases',
    });
    assert.deepEqual([settings.rounds, settings.seconds], [5, 0.5]);
    assert.deepEqual(settings.peers, ['mosec', 'fastapi tuned']);
    assert.deepEqual(
      settings.cases.map(({ id }) => id),
      ['mlp-rest-1', 'mlp-rest-64'],
    );
    assert.deepEqual(settings.parts, ['cases']);
  });

  it('refuse what is not there, by the name of the variable', () => {
    assert.throws(
      () => readSettings({ MANARA_PEERS_CASES: 'mlp' }),
      /^Error: MANARA_PEERS_CASES has "mlp"; allowed are mlp-rest-1, /,
    );
    assert.throws(
      () => readSettings({ MANARA_PEERS_PARTS: 'all' }),
      /^Error: MANARA_PEERS_PARTS has "all"; allowed are cases, health, defaults$/,
    );
    assert.throws(
      () => readSettings({ MANARA_PEERS: 'nobody' }),
      /^Error: MANARA_PEERS has "nobody"; allowed are onnxruntime alone, mosec, fastapi tuned, /,
    );
    for (const value of ['0', '-1', 'three', '1.5']) {
      assert.throws(
        () => readSettings({ MANARA_PEERS_ROUNDS: value }),
        /^Error: MANARA_PEERS_ROUNDS is ".*"; a whole number above 0 is allowed$/,
      );
    }
    assert.throws(
      () => readSettings({ MANARA_PEERS_SECONDS: '0' }),
      /^Error: MANARA_PEERS_SECONDS is "0"; a number above 0 is allowed$/,
    );
  });
});
