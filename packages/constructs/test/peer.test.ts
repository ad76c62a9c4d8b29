import assert from 'node:assert/strict';
import { late, Peer } from '../src';
import { refuses } from './support/errors';

describe('Peer', () => {
  it('is every pod of a namespace', () => {
    assert.deepEqual(Peer.namespace('payments').identity, { namespace: 'payments' });
  });

  it('is pods of a namespace that carry all the labels', () => {
    const peer = Peer.pods('monitoring', { app: 'prometheus', 'bank.example/tier': '1_a' });
    assert.deepEqual(peer.identity, {
      namespace: 'monitoring',
      labels: { app: 'prometheus', 'bank.example/tier': '1_a' },
    });
    assert.deepEqual(peer.cidrs, []);
  });

  it('is pods that run as a service account', () => {
    const peer = Peer.serviceAccount('payments', 'checkout');
    assert.deepEqual(peer.identity, { namespace: 'payments', serviceAccount: 'checkout' });
    refuses(
      () => Peer.serviceAccount('Payments', 'checkout'),
      'MANARA_PEER',
      'expected a namespace',
    );
    refuses(
      () => Peer.serviceAccount('payments', 'Check out'),
      'MANARA_PEER',
      'name:',
      'received "Check out"',
    );
  });

  it('is address ranges, of both versions of IP and late ones', () => {
    const peer = Peer.addresses('10.20.0.0/24', 'fd00::/8', late('private-endpoint-range'));
    assert.deepEqual(peer.cidrs, ['10.20.0.0/24', 'fd00::/8', '${late:private-endpoint-range}']);
  });

  it('is known by a brand that two copies of the package share', () => {
    assert(Peer.isPeer(Peer.namespace('payments')));
    assert(!Peer.isPeer({ identity: { namespace: 'payments' } }));
  });

  for (const name of ['Not A Namespace', 'payments.', '', 'n'.repeat(64)]) {
    it(`refuses the namespace "${name}"`, () => {
      refuses(() => Peer.namespace(name), 'MANARA_PEER', 'Peer.namespace', `received "${name}"`);
      refuses(() => Peer.pods(name, { app: 'x' }), 'MANARA_PEER', 'Peer.pods');
    });
  }

  it('refuses no labels, which would be every pod', () => {
    refuses(() => Peer.pods('payments', {}), 'MANARA_PEER', "Peer.namespace('payments')");
  });

  for (const [key, value] of [
    ['app name', 'x'],
    ['app', 'a value'],
    ['app', 'v'.repeat(64)],
    ['/app', 'x'],
  ] as const) {
    it(`refuses the label ${key}: ${value}`, () => {
      refuses(() => Peer.pods('payments', { [key]: value }), 'MANARA_PEER', `${key}: "${value}"`);
    });
  }

  for (const range of [
    '0.0.0.0/0',
    '0.0.0.0/1',
    '10.0.0.0/7',
    '::/0',
    'fc00::/6',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.256/24',
    'fd00::/129',
    ':::/64',
    '10.0.0.0/24/8',
    'models.bank.example/24',
    '',
  ]) {
    it(`refuses the range "${range}"`, () => {
      refuses(() => Peer.addresses(range), 'MANARA_PEER', `received "${range}"`, '10.20.0.0/24');
    });
  }
});
