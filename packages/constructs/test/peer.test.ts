import assert from 'node:assert/strict';
import { late, Peer } from '../src';
import { refuses } from './support/errors';

describe('Peer', () => {
  it('is every pod of a namespace, by the label that Kubernetes itself sets', () => {
    assert.deepEqual(Peer.namespace('payments').toNetworkPolicyPeers, [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'payments' } } },
    ]);
  });

  it('is pods of a namespace in one peer, not either of the two', () => {
    assert.deepEqual(Peer.pods('monitoring', { app: 'prometheus' }).toNetworkPolicyPeers, [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
        podSelector: { matchLabels: { app: 'prometheus' } },
      },
    ]);
    assert.deepEqual(Peer.pods('monitoring', { app: 'prometheus' }).cidrs, []);
  });

  it('is address ranges, of both versions of IP and late ones', () => {
    const peer = Peer.addresses('10.20.0.0/24', 'fd00::/8', late('private-endpoint-range'));
    assert.deepEqual(peer.cidrs, ['10.20.0.0/24', 'fd00::/8', '${late:private-endpoint-range}']);
    assert.deepEqual(peer.toNetworkPolicyPeers[0], { ipBlock: { cidr: '10.20.0.0/24' } });
  });

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
