import assert from 'node:assert/strict';
import {
  audit,
  type DataClass,
  DataClass as Classes,
  type DeclaredFlow,
  Jurisdiction,
  type ResidencyZone,
  rules,
} from '../src';
import { flowOf, zoneOf } from './support';

const untyped = (value: unknown) => value as never;
const sends = (dataClass: DataClass, overrides: Partial<DeclaredFlow> = {}) =>
  flowOf({ dataClasses: [dataClass], to: { name: 'sink', place: 'aws:eu-west-1' }, ...overrides });
const here = { name: 'vault', place: 'aws:me-central-1' } as const;

/** For each rule of the law, a zone and a flow that it refuses. */
const refused: Readonly<Record<string, readonly [Partial<ResidencyZone>, DeclaredFlow]>> = {
  'pdpl-transfer-basis': [{}, sends(Classes.PERSONAL)],
  'difc-transfer-basis': [{ jurisdiction: Jurisdiction.DIFC }, sends(Classes.PERSONAL)],
  'adgm-transfer-basis': [{ jurisdiction: Jurisdiction.ADGM }, sends(Classes.PERSONAL)],
  'health-data-stays-in-uae': [{}, sends(Classes.HEALTH)],
  'financial-data-stays-in-uae': [{}, sends(Classes.FINANCIAL)],
  'financial-data-has-backup': [{}, sends(Classes.FINANCIAL, { kind: 'backup', to: here })],
  'personal-data-is-encrypted': [{}, flowOf({ encryption: 'none' })],
};

/** Ways to write what a rule asks for so that it does not recognise it. */
const blurs: Readonly<
  Record<string, (zone: ResidencyZone, flow: DeclaredFlow) => [ResidencyZone, DeclaredFlow]>
> = {
  'a jurisdiction that is a text': (zone, flow) => [
    { ...zone, jurisdiction: untyped(zone.jurisdiction.id) },
    flow,
  ],
  'no jurisdiction': (zone, flow) => [{ ...zone, jurisdiction: untyped(undefined) }, flow],
  'a jurisdiction of another id': (zone, flow) => [
    { ...zone, jurisdiction: untyped({ id: 'ae-onshore' }) },
    flow,
  ],
  'data classes that are texts': (zone, flow) => [
    zone,
    { ...flow, dataClasses: flow.dataClasses.map((c) => untyped(c.id)) },
  ],
  'data classes of another id': (zone, flow) => [
    zone,
    { ...flow, dataClasses: flow.dataClasses.map((c) => untyped({ id: c.id.toUpperCase() })) },
  ],
  'no list of data classes': (zone, flow) => [zone, { ...flow, dataClasses: untyped(undefined) }],
  'another encryption': (zone, flow) => [zone, { ...flow, encryption: untyped('rot13') }],
  'another status': (zone, flow) => [zone, { ...flow, status: untyped('Declared') }],
};

describe('what no rule can judge is refused', () => {
  it('for every rule that refuses anything by law', () => {
    const own = rules.filter((rule) => rule.sources[0]?.standing === 'declared');
    const byTable = [
      'known-host-is-in-zone',
      'uri-matches-place',
      'address-range-is-plausible',
      // It refuses nothing: it leaves the question open.
      'government-data-location',
    ];
    assert.deepEqual(
      Object.keys(refused).toSorted(),
      rules
        .filter((rule) => !own.includes(rule) && !byTable.includes(rule.id))
        .map((rule) => rule.id)
        .toSorted(),
    );
  });

  for (const [id, [overrides, flow]] of Object.entries(refused)) {
    const zone = zoneOf({
      places: ['aws:me-central-1', 'azure:uaenorth', 'aws:eu-west-1'],
      ...overrides,
    });
    it(`${id}, as it should be written`, () => {
      const rule = rules.find((one) => one.id === id);
      assert.equal(rule?.check(flow, zone).outcome, 'violation');
    });

    for (const [name, blur] of Object.entries(blurs)) {
      it(`${id}, with ${name}`, () => {
        const [blurredZone, blurredFlow] = blur(zone, flow);
        const { violations } = audit(blurredZone, [blurredFlow]);
        assert.deepEqual(
          violations.map((v) => v.rule.id),
          ['flow-can-be-judged'],
        );
      });
    }

    if (id !== 'financial-data-has-backup' && id !== 'personal-data-is-encrypted') {
      it(`${id}, with a place that no table has`, () => {
        const unknown = sends(flow.dataClasses[0]!, {
          to: { name: 'sink', place: untyped('mars:1') },
        });
        const rule = rules.find((one) => one.id === id);
        assert.equal(rule?.check(unknown, zone).outcome, 'violation');
      });
    }
  }
});
