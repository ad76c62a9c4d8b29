import assert from 'node:assert/strict';
import { record, recordRefusal } from '@manara/pulumi-testing';
import { DataClass, Jurisdiction } from '@manara/residency';
import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { Duration } from 'cdk8s';
import {
  ImageRegistry,
  none,
  Peer,
  ResidencyZone,
  ServingStack,
  type ServingStackArgs,
  Site,
} from '../../src';

type UaePlace = 'aws:me-central-1' | 'azure:uaenorth';

function stackArgs(images?: ServingStackArgs<UaePlace>['images']): ServingStackArgs<UaePlace> {
  const zone = new ResidencyZone('bank', {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
  });
  const site = (name: string, place: UaePlace) =>
    new Site(
      name,
      {
        zone,
        place,
        images: new ImageRegistry({ place, prefix: `registry.${name}.example` }),
        logs: none('a test'),
        metrics: none('a test'),
        traces: none('a test'),
        backup: none('a test'),
      },
      { provider: new Provider(`cluster-${name}`, { context: name }) },
    );
  return {
    zone,
    sites: [site('dubai', 'aws:me-central-1')],
    standby: site('north', 'azure:uaenorth'),
    recovery: { time: Duration.minutes(10), point: Duration.minutes(30) },
    failover: Duration.minutes(3),
    images: images ?? {
      copier: { name: 'krane', tag: pulumi.output('v1') },
      every: Duration.minutes(15),
      peers: [Peer.addresses('10.20.0.0/24')],
      identity: { role: pulumi.secret('arn:aws:iam::1:role/push') },
    },
  };
}

describe('ServingStack of Pulumi', () => {
  it('is a component whose job is its child, with the provider of the first site', async () => {
    const { registered } = await record(() => new ServingStack('uae', stackArgs()));
    assert.deepEqual(
      registered
        .filter(({ parent }) => parent === 'uae')
        .map(({ type, name, provider }) => `${type} ${name} @ ${provider}`)
        .sort(),
      [
        'kubernetes:batch/v1:CronJob bank/dubai/uae/job @ cluster-dubai',
        'kubernetes:core/v1:ServiceAccount bank/dubai/uae/service-account @ cluster-dubai',
        'kubernetes:networking.k8s.io/v1:NetworkPolicy bank/dubai/uae/network-policy @ cluster-dubai',
      ],
    );
    assert.equal(registered.find(({ name }) => name === 'uae')?.type, 'manara:index:ServingStack');
  });

  it('takes Outputs in what copies the images, and keeps secrets secret', async () => {
    const { registered } = await record(() => new ServingStack('uae', stackArgs()));
    const inputsOf = (name: string) => registered.find((r) => r.name.endsWith(name))?.inputs;
    assert.match(
      JSON.stringify(inputsOf('uae/job')),
      /"image":"registry\.dubai\.example\/krane:v1"/,
    );
    assert.deepEqual(
      (inputsOf('uae/service-account')?.metadata as { annotations: unknown }).annotations,
      { role: { secret: 'arn:aws:iam::1:role/push' } },
    );
  });

  it('has no objects where nothing copies images', async () => {
    const { registered, result } = await record(
      () => new ServingStack('uae', stackArgs(none('the pipeline does'))),
    );
    assert.deepEqual(
      registered.filter(({ parent }) => parent === 'uae'),
      [],
    );
    assert.equal(result.construct.imageSite, undefined);
  });

  it('leaves its name free where it is refused', async () => {
    const { message, registered } = await recordRefusal(() => {
      const args = stackArgs();
      const late = { ...args, recovery: { ...args.recovery, point: Duration.minutes(20) } };
      assert.throws(() => new ServingStack('uae', late), /MANARA_RECOVERY/);
      new ServingStack('uae', args);
    });
    assert.equal(message, '');
    assert.equal(registered.filter(({ name }) => name === 'uae').length, 1);
  });
});
