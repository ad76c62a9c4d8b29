import assert from 'node:assert/strict';
import { Peer, ServingStack } from '@manara/constructs';
import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { chartKey, chartType, groupType, resourceName } from '../src/resource-names';
import { addSite, tree } from './support/tree';

const map = { apiVersion: 'v1', kind: 'ConfigMap' };

describe('resourceName', () => {
  const chart = (): Chart => new Chart(new App(), 'chart');

  it('is the construct path', () => {
    const object = new ApiObject(new Construct(chart(), 'group'), 'map', map);
    assert.equal(resourceName(object), 'chart/group/map');
  });

  it('is the path of the construct that the object stands for', () => {
    const deployment = new Deployment(chart(), 'server', { containers: [{ image: 'x' }] });
    assert.equal(resourceName(ApiObject.of(deployment)), 'chart/server');
  });

  it('never is that of another object', () => {
    const outer = new ApiObject(chart(), 'map', map);
    const inner = new ApiObject(outer, 'Resource', map);
    assert.equal(resourceName(inner), 'chart/map/Resource');
  });
});

describe('component types', () => {
  it('tell a site, an endpoint or a stack on it, another chart, and another group apart', () => {
    const { site, zone } = tree();
    const elsewhere = addSite(zone, 'north', 'azure:uaenorth', {
      registry: 'registry.north.bank.example',
    });
    assert.equal(chartType(site), 'manara:index:Site');
    assert.equal(groupType(site, site.node.findChild('fraud')), 'manara:index:ModelEndpoint');
    // An endpoint of that name exists, but does not run here.
    assert.equal(groupType(elsewhere, new Construct(elsewhere, 'fraud')), 'manara:index:Construct');
    new ServingStack(zone, 'uae', {
      sites: [site],
      standby: elsewhere,
      recovery: { time: Duration.minutes(10), point: Duration.minutes(30) },
      failover: Duration.minutes(3),
      images: {
        copier: { name: 'krane', tag: 'v1' },
        every: Duration.minutes(15),
        peers: [Peer.addresses('10.20.0.0/24')],
      },
    });
    assert.equal(groupType(site, site.node.findChild('uae')), 'manara:index:ServingStack');
    assert.equal(groupType(elsewhere, new Construct(elsewhere, 'uae')), 'manara:index:Construct');
    const chart = new Chart(new App(), 'chart');
    assert.equal(chartType(chart), 'manara:index:Chart');
    assert.equal(groupType(chart, new Construct(chart, 'fraud')), 'manara:index:Construct');
  });
});

describe('chartKey', () => {
  it("is a site's id and another chart's path", () => {
    assert.equal(chartKey(tree().site), 'dubai');
    assert.equal(chartKey(new Chart(new Construct(new App(), 'team'), 'chart')), 'team/chart');
  });
});
