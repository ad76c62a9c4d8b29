import assert from 'node:assert/strict';
import { none } from '@manara/constructs';
import { recordRefusal } from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { ConstructComponent, ModelEndpoint, ResidencyZone, ServingStack, Site } from '../../src';

/** What plain JavaScript can leave out or slip in: it fits every type. */
const untyped = (value: unknown): never => value as never;

function newZone(): ResidencyZone<'onprem:office'> {
  return new ResidencyZone('shop', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['onprem:office'],
    onPremises: { 'onprem:office': Jurisdiction.AE_ONSHORE },
    data: [DataClass.PERSONAL],
  });
}

const doors = { ModelEndpoint, ServingStack, Site } as const;

describe('arguments of components, from plain JavaScript', () => {
  const refused = (make: () => unknown, message: RegExp) => async () => {
    const refusal = await recordRefusal(make);
    assert.match(refusal.message, message);
    assert.deepEqual(refusal.registered, []);
  };

  for (const [name, Door] of Object.entries(doors)) {
    it(
      `of ${name} must be there`,
      refused(
        () => new Door('one', untyped(undefined)),
        new RegExp(
          `manara:index:${name} "one": args: expected an object; received nothing \\(MANARA_ARGS\\)`,
        ),
      ),
    );
    it(
      `of ${name} must have a zone`,
      refused(
        () => new Door('one', untyped({ zone: 'shop' })),
        new RegExp(
          `manara:index:${name} "one": zone: expected a ResidencyZone; received "shop" \\(MANARA_ARGS\\)`,
        ),
      ),
    );
  }

  for (const Door of [ModelEndpoint, ServingStack]) {
    it(
      `of ${Door.name}: sites must be a list`,
      refused(
        () => new Door('one', untyped({ zone: newZone(), versions: [], engine: { lowering: 1 } })),
        /\[shop\/one\] sites: expected a list, each a Site; received nothing \(MANARA_PROP\)/,
      ),
    );
  }

  for (const site of [undefined, null, { construct: {} }, none('why')]) {
    it(
      `of ConstructComponent: ${JSON.stringify(site)} is no site`,
      refused(
        () => new ConstructComponent('acme:a:B', 'one', untyped({ site, build: () => undefined })),
        /acme:a:B "one": site: expected a Site of @manara\/pulumi; received .* \(MANARA_ARGS\)/,
      ),
    );
  }
});
