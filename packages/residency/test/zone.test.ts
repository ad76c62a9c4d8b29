import assert from 'node:assert/strict';
import {
  DataClass,
  isInsideUae,
  Jurisdiction,
  jurisdictionOf,
  parsePlace,
  type Place,
  type ResidencyZone,
  validateZone,
} from '../src';
import { zoneOf } from './support';

/** What plain JavaScript, or a cast, can put where a type is expected. */
const untyped = (value: unknown) => value as never;

describe('validateZone', () => {
  it('accepts a zone that agrees with itself', () => {
    validateZone(
      zoneOf({
        places: ['aws:me-central-1', 'onprem:hq'],
        onPremises: { 'onprem:hq': Jurisdiction.AE_ONSHORE },
        transfers: [{ to: 'aws:me-central-1', basis: 'PDPL Art 22', evidence: 'register 4' }],
      }),
    );
  });

  it('knows jurisdictions and classes of a second copy of the package', () => {
    validateZone(
      zoneOf({
        jurisdiction: untyped({ id: 'DIFC' }),
        data: [untyped({ id: 'health' })],
      }),
    );
  });

  const refusals: readonly (readonly [string, Partial<ResidencyZone>, string])[] = [
    ['no places', { places: [] }, 'places: expected at least one place, received none'],
    ['no data', { data: [] }, 'data: expected at least one DataClass, received none'],
    [
      'a jurisdiction that is a text',
      { jurisdiction: untyped('AE-onshore') },
      'jurisdiction: expected Jurisdiction.AE_ONSHORE, DIFC or ADGM; received the text "AE-onshore"',
    ],
    [
      'no jurisdiction',
      { jurisdiction: untyped(undefined) },
      'jurisdiction: expected Jurisdiction.AE_ONSHORE, DIFC or ADGM; received undefined',
    ],
    [
      'data that is a text',
      { data: [DataClass.PERSONAL, untyped('health')] },
      'data.1: expected DataClass.PERSONAL, HEALTH, FINANCIAL, GOVERNMENT or PUBLIC; received the text "health"',
    ],
    [
      'a building in a jurisdiction that is a text',
      { places: ['onprem:hq'], onPremises: { 'onprem:hq': untyped('DIFC') } },
      'onPremises["onprem:hq"]: expected Jurisdiction.AE_ONSHORE, DIFC or ADGM; received the text "DIFC"',
    ],
    [
      'a building that stands nowhere',
      { places: ['onprem:hq'] },
      'onPremises: "onprem:hq" stands in no jurisdiction; add { "onprem:hq": Jurisdiction.AE_ONSHORE } (or the one it is in)',
    ],
    [
      'a transfer to a place that is not in the zone',
      { transfers: [{ to: 'aws:eu-west-1', basis: 'PDPL Art 22', evidence: 'x' }] },
      'transfers.0.to: expected one of aws:me-central-1, azure:uaenorth; received "aws:eu-west-1"',
    ],
    [
      'a transfer without a basis',
      { transfers: [{ to: 'azure:uaenorth', basis: ' ', evidence: 'x' }] },
      'transfers.0.basis: expected text, received none',
    ],
    [
      'a transfer without evidence',
      { transfers: [{ to: 'azure:uaenorth', basis: 'PDPL Art 22', evidence: '' }] },
      'transfers.0.evidence: expected text, received none',
    ],
  ];
  for (const [name, overrides, message] of refusals) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => {
          validateZone(zoneOf(overrides));
        },
        { name: 'ResidencyError', code: 'invalid-zone', message: `zone "bank": ${message}` },
      );
    });
  }

  it('refuses a place that a program without types let in', () => {
    const places = ['me-central-1'] as unknown as readonly Place[];
    assert.throws(
      () => {
        validateZone(zoneOf({ places }));
      },
      { code: 'bare-region' },
    );
  });
});

describe('jurisdictionOf', () => {
  const zone = zoneOf({
    onPremises: { 'onprem:gate': Jurisdiction.DIFC, 'onprem:isle': Jurisdiction.ADGM },
  });
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['aws:me-central-1', 'AE-onshore'],
    ['azure:uaecentral', 'AE-onshore'],
    ['oci:me-dubai-1', 'AE-onshore'],
    ['onprem:gate', 'DIFC'],
    ['onprem:isle', 'ADGM'],
    ['onprem:paris', undefined],
    ['alibaba:me-central-1', undefined],
    ['gcp:me-central1', undefined],
    ['aws:me-south-1', undefined],
  ];
  for (const [place, expected] of rows) {
    it(`${place} is ${expected ?? 'outside the UAE'}`, () => {
      assert.equal(jurisdictionOf(parsePlace(place), zone), expected);
      assert.equal(isInsideUae(parsePlace(place), zone), expected !== undefined);
    });
  }
});
