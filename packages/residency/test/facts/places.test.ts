import assert from 'node:assert/strict';
import { type PlaceFact, places, placeSources } from '../../src';

const facts = Object.entries<PlaceFact>(places);

describe('the table of places', () => {
  it('has the regions of five clouds', () => {
    const count: Record<string, number> = {};
    for (const [place] of facts) {
      const cloud = place.slice(0, place.indexOf(':'));
      count[cloud] = (count[cloud] ?? 0) + 1;
    }
    assert.deepEqual(count, { aws: 41, azure: 57, gcp: 40, oci: 46, alibaba: 25 });
  });

  it('has these places in the UAE', () => {
    const inUae = facts.filter(([, fact]) => fact.country === 'AE').map(([place]) => place);
    assert.deepEqual(inUae, [
      'aws:me-central-1',
      'azure:uaecentral',
      'azure:uaenorth',
      'oci:me-abudhabi-1',
      'oci:me-dubai-1',
      'alibaba:me-east-1',
    ]);
  });

  it('names every place by cloud and region, in lower case', () => {
    for (const [place] of facts) assert.match(place, /^[a-z]+:[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('gives every place a name and an ISO 3166 country that exists', () => {
    const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    for (const [place, { country, name }] of facts) {
      assert.notEqual(countries.of(country), undefined, `${place}: ${country}`);
      assert.notEqual(name, '', place);
    }
  });

  it('uaecentral has no zones and is opened on request; uaenorth is open', () => {
    assert.deepEqual(places['azure:uaecentral'], {
      country: 'AE',
      name: 'UAE Central (Abu Dhabi)',
      access: 'restricted',
      zones: [],
    });
    assert.deepEqual(places['azure:uaenorth'], { country: 'AE', name: 'UAE North (Dubai)' });
  });

  it('says for every cloud where its regions were read, and none is unverified', () => {
    const clouds = new Set(facts.map(([place]) => place.slice(0, place.indexOf(':'))));
    assert.deepEqual(new Set(Object.keys(placeSources)), clouds);
    for (const sources of Object.values(placeSources)) {
      assert.notEqual(sources.length, 0);
      for (const source of sources) assert.equal(source.standing, 'primary');
    }
  });
});
