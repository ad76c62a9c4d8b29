import assert from 'node:assert/strict';
import { auditToJson, DataClass, Jurisdiction } from '@manara/residency';
import { App, Duration } from 'cdk8s';
import {
  auditTree,
  type ImageCopies,
  ImageRegistry,
  ModelArtifact,
  ModelBucket,
  ModelEndpoint,
  ModelVersion,
  none,
  Peer,
  ResidencyZone,
  ServingEngine,
  ServingStack,
  type ServingStackProps,
  Site,
} from '../../src';
import { refuses } from '../support/errors';
import {
  bucket,
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
  untyped,
} from '../support/fixtures';
import { at, documentOf, documents } from '../support/manifests';

interface Sites {
  readonly app: App;
  readonly dubai: Site<UaePlace>;
  readonly north: Site<UaePlace>;
}

function newSites(northImagesAt: UaePlace = 'azure:uaenorth'): Sites {
  const app = new App();
  const zone = newZone(app);
  const images = (place: UaePlace, prefix: string) => new ImageRegistry({ place, prefix });
  const dubai = newSite(zone, 'dubai', {
    images: images('aws:me-central-1', 'registry.dubai.bank.example/serving'),
  });
  const north = newSite(zone, 'north', {
    place: 'azure:uaenorth',
    images: images(northImagesAt, 'registry.north.bank.example/serving'),
  });
  return { app, dubai, north };
}

function newStack(
  { dubai, north }: Sites,
  props: Partial<ServingStackProps<UaePlace>> = {},
): ServingStack<UaePlace> {
  return new ServingStack<UaePlace>(dubai.zone, 'uae', {
    sites: [dubai],
    standby: north,
    recovery: { time: Duration.minutes(10), point: Duration.minutes(30) },
    failover: Duration.minutes(3),
    images: none('the pipeline publishes to both registries'),
    ...props,
  });
}

const copyEvery = (every?: Duration) =>
  new ModelBucket<UaePlace>({
    place: 'azure:uaenorth',
    uri: 'pvc://model-store',
    ...(every === undefined ? {} : { copy: { from: bucket, every } }),
  });

function versionsWith(...copies: readonly ModelBucket<UaePlace>[]) {
  return [new ModelVersion(1, newArtifact({ bucket, copies }))] as [ModelVersion<UaePlace>];
}

const digest = `sha256:${'d'.repeat(64)}`;

const imageCopies: ImageCopies = {
  copier: { name: 'krane', tag: 'v0.21.2' },
  every: Duration.minutes(15),
  peers: [Peer.addresses('10.20.0.0/24'), Peer.addresses('10.30.1.0/28')],
};

describe('ServingStack', () => {
  it('computes what the loss of the primary costs an endpoint with a warm standby', () => {
    const sites = newSites();
    const stack = newStack(sites);
    const endpoint = newEndpoint(sites.dubai, {
      standby: sites.north,
      versions: versionsWith(copyEvery(Duration.minutes(10))),
      traffic: { peakRequestsPerSecond: 4000 },
    });
    const [, standby] = endpoint.workloads;
    const cpu = { limit: 5000, request: 3650, targetPercent: 70 };
    assert.deepEqual(standby?.capacity, {
      idleReplicas: 1,
      peakReplicas: 3,
      maxReplicas: 6,
      // Four workers, each at 50 ms and 1.65 + 0.25 ms an inference.
      inFlightPerReplica: 4 * 26,
      startupSeconds: 34,
      growthFactor: (cpu.limit * 100) / (cpu.request * cpu.targetPercent),
    });
    // A pod that uses its limit lets one replica grow to two, and those to three.
    assert.deepEqual(stack.recoveryOf(endpoint), {
      firstAnswerSeconds: 180,
      fullCapacitySeconds: 180 + 2 * (30 + 15 + 34),
      pointSeconds: 1200,
    });
  });

  it('loses no more than the failover where every site is active', () => {
    const sites = newSites();
    const { dubai, north } = sites;
    const stack = newStack(sites, { sites: [dubai, north], standby: none('both are active') });
    const endpoint = newEndpoint(dubai, {
      sites: [dubai, north],
      versions: versionsWith(copyEvery()),
    });
    assert.deepEqual(stack.recoveryOf(endpoint), {
      firstAnswerSeconds: 180,
      fullCapacitySeconds: 180,
      pointSeconds: 0,
    });
  });

  it('takes a machine room of the bank’s own for a standby', () => {
    const app = new App();
    const place = 'onprem:abu-dhabi-1';
    const zone = new ResidencyZone(app, 'bank', {
      jurisdiction: Jurisdiction.AE_ONSHORE,
      places: ['aws:me-central-1', place],
      data: [DataClass.PERSONAL],
      onPremises: { [place]: Jurisdiction.AE_ONSHORE },
    });
    const site = (id: string, at: (typeof zone.places)[number]) =>
      new Site(zone, id, {
        place: at,
        images: new ImageRegistry({ place: at, prefix: `registry.${id}.bank.example` }),
        logs: none('read on the node'),
        metrics: none('not collected'),
        traces: none('not collected'),
        backup: none('can be trained again'),
      });
    const stack = new ServingStack(zone, 'uae', {
      sites: [site('dubai', 'aws:me-central-1')],
      standby: site('room', place),
      recovery: { time: Duration.minutes(10), point: Duration.minutes(30) },
      failover: Duration.minutes(3),
      images: imageCopies,
    });
    const original = new ModelBucket({
      place: 'aws:me-central-1',
      uri: 's3://bank-models',
      peer: Peer.addresses('10.20.0.0/24'),
    });
    const copy = { from: original, every: Duration.minutes(10), access: { role: 'arn:role' } };
    const claim = new ModelBucket({ place, uri: 'pvc://model-store', copy });
    new ModelEndpoint(zone, 'fraud', {
      versions: [
        new ModelVersion(
          1,
          new ModelArtifact({
            bucket: original,
            copies: [claim],
            key: 'fraud/1/model.onnx',
            sha256: 'a'.repeat(64),
            sizeBytes: 1_000_000,
          }),
        ),
      ],
      engine: ServingEngine.onnx(),
      sites: stack.sites,
      standby: stack.standby,
      objective: { p99Latency: Duration.millis(50), availabilityPercent: 99.9 },
      traffic: { peakRequestsPerSecond: 100 },
    });
    const jobs = documents(app).filter(({ kind }) => kind === 'CronJob');
    assert.deepEqual(jobs.map((job) => at(job, 'metadata', 'name')).sort(), [
      'fraud-weights',
      'uae-images',
    ]);
    assert.deepEqual(auditTree(app)[0]?.violations, []);
  });

  it('has nothing to say of an endpoint that one site runs', () => {
    const sites = newSites();
    const stack = newStack(sites);
    assert.equal(stack.recoveryOf(newEndpoint(sites.dubai)), undefined);
  });

  describe('refuses an endpoint, whichever of the two is made first,', () => {
    const refused = (
      endpoint: (sites: Sites) => unknown,
      props: Partial<ServingStackProps<UaePlace>>,
      text: string,
      sites: () => Sites = newSites,
    ) => {
      const before = sites();
      newStack(before, props);
      refuses(() => endpoint(before), 'MANARA_RECOVERY', '[bank/fraud]', text);
      const after = sites();
      endpoint(after);
      refuses(() => newStack(after, props), 'MANARA_RECOVERY', '[bank/fraud]', text);
    };

    it('whose weights are lost with the other place', () => {
      refused(
        ({ dubai, north }) => newEndpoint(dubai, { standby: north, versions: versionsWith() }),
        {},
        'site "north" starts no pod once aws:me-central-1 is lost, for it reads its weights from "s3://bank-models" there; give their ModelArtifact a copy at azure:uaenorth',
      );
    });

    it('whose images are', () => {
      refused(
        ({ dubai, north }) =>
          newEndpoint(dubai, { standby: north, versions: versionsWith(copyEvery()) }),
        {},
        'site "north" starts no pod once aws:me-central-1 is lost, for its images are in "registry.north.bank.example/serving" there; give the site a registry at azure:uaenorth',
        () => newSites('aws:me-central-1'),
      );
    });

    it('of which nothing stays in the tree', () => {
      const sites = newSites();
      const stack = newStack(sites);
      const { dubai, north } = sites;
      const before = dubai.zone.node.findAll().map(({ node }) => node.path);
      const refusal = () => newEndpoint(dubai, { standby: north, versions: versionsWith() });
      refuses(refusal, 'MANARA_RECOVERY');
      assert.deepEqual(
        dubai.zone.node.findAll().map(({ node }) => node.path),
        before,
      );
      const versions = versionsWith(copyEvery());
      assert.ok(stack.recoveryOf(newEndpoint(dubai, { standby: north, versions })));
    });

    it('whose copies are too old', () => {
      refused(
        ({ dubai, north }) =>
          newEndpoint(dubai, {
            standby: north,
            versions: versionsWith(copyEvery(Duration.minutes(20))),
          }),
        {},
        'recovery.point: its weights may be missing for 2400 s; expected at most 1800 s',
      );
    });

    it('which has more to copy than its period carries', () => {
      const sizeBytes = 5_000_000_000;
      refused(
        ({ dubai, north }) =>
          newEndpoint(dubai, {
            standby: north,
            versions: [
              new ModelVersion(
                1,
                newArtifact({ bucket, copies: [copyEvery(Duration.minutes(10))], sizeBytes }),
              ),
            ],
          }),
        { recovery: { time: Duration.hours(2), point: Duration.minutes(30) } },
        'recovery.point: its weights may be missing for 1900 s; expected at most 1800 s',
      );
    });

    it('whose image is pinned to what nothing copies', () => {
      const pinned = ({ dubai, north }: Sites) =>
        newEndpoint(dubai, {
          standby: north,
          versions: versionsWith(copyEvery()),
          engine: ServingEngine.onnx({ imageDigest: digest }),
        });
      refused(
        pinned,
        { images: imageCopies },
        `site "north" pulls the server's image by its digest, which nothing brings to its registry`,
      );
      const sites = newSites();
      const others = [{ name: 'manara-server', tag: '0.1.0', digest }];
      newStack(sites, { images: { ...imageCopies, others } });
      pinned(sites);
      const job = documentOf(sites.app, 'CronJob', 'uae-images', 'dubai');
      const pod = at(job, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
      assert.deepEqual(at(pod, 'containers', 0, 'args'), [
        'copy',
        `registry.dubai.bank.example/serving/manara-server@${digest}`,
        'registry.north.bank.example/serving/manara-server:0.1.0',
      ]);
      assert.equal((at(pod, 'containers') as readonly unknown[]).length, 1);
    });

    it('which takes too long to carry all of its traffic', () => {
      refused(
        ({ dubai, north }) =>
          newEndpoint(dubai, { standby: north, versions: versionsWith(copyEvery()) }),
        { recovery: { time: Duration.minutes(4), point: Duration.minutes(30) } },
        'recovery.time: all of its traffic is carried after 258 s; expected at most 240 s',
      );
    });
  });

  it('copies the server’s image and others, from the first site to each registry', () => {
    const sites = newSites();
    newStack(sites, { images: { ...imageCopies, others: [{ name: 'otel', tag: '1.2' }] } });
    const job = documentOf(sites.app, 'CronJob', 'uae-images', 'dubai');
    const pod = at(job, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
    const containers = at(pod, 'containers') as readonly Record<string, unknown>[];
    assert.deepEqual(
      containers.map(({ name, image, args }) => ({ name, image, args })),
      ['manara-server:0.1.0', 'otel:1.2'].map((image, i) => ({
        name: `north-${i}`,
        image: 'registry.dubai.bank.example/serving/krane:v0.21.2',
        args: [
          'copy',
          `registry.dubai.bank.example/serving/${image}`,
          `registry.north.bank.example/serving/${image}`,
        ],
      })),
    );
    assert.equal(at(job, 'spec', 'schedule'), '*/15 * * * *');
    const policy = documentOf(sites.app, 'NetworkPolicy', 'uae-images', 'dubai');
    assert.deepEqual(
      (at(policy, 'spec', 'egress') as readonly unknown[]).slice(0, 2),
      ['10.20.0.0/24', '10.30.1.0/28'].map((cidr) => ({
        to: [{ ipBlock: { cidr } }],
        ports: [{ protocol: 'TCP', port: 443 }],
      })),
    );
  });

  it('gives the copier a Secret where its identity is not enough', () => {
    const sites = newSites();
    newStack(sites, {
      images: { ...imageCopies, credentials: 'push', identity: { 'example.com/role': 'pusher' } },
    });
    const job = documentOf(sites.app, 'CronJob', 'uae-images');
    const pod = at(job, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
    assert.deepEqual(at(pod, 'containers', 0, 'env'), [
      { name: 'DOCKER_CONFIG', value: '/etc/docker' },
    ]);
    assert.deepEqual(at(pod, 'volumes', 1), {
      name: 'credentials',
      secret: { secretName: 'push', items: [{ key: '.dockerconfigjson', path: 'config.json' }] },
    });
    const account = documentOf(sites.app, 'ServiceAccount', 'uae-images');
    assert.deepEqual(at(account, 'metadata', 'annotations'), { 'example.com/role': 'pusher' });
  });

  it('declares the way of the images, or why there is none', () => {
    const flowsWith = (images: ServingStackProps<UaePlace>['images']) => {
      const sites = newSites();
      newStack(sites, { images });
      const [audit] = auditTree(sites.app);
      assert(audit !== undefined);
      return auditToJson(audit).flows.filter(({ owner }) => owner === 'bank/uae');
    };
    const [copied] = flowsWith(imageCopies);
    assert.equal(copied?.status, 'declared');
    assert.equal(at(copied, 'from', 'place'), 'aws:me-central-1');
    assert.equal(at(copied, 'to', 'place'), 'azure:uaenorth');
    const [absent] = flowsWith(none('the pipeline does'));
    assert.equal(at(absent, 'reason'), 'the pipeline does');
    const sites = newSites();
    newStack(sites, { images: untyped(undefined) });
    assert.throws(() => documents(sites.app), /image flow of bank\/uae: .*flow-is-declared/);
  });

  describe('refuses', () => {
    it('a single site, two of one place, and those of another zone', () => {
      const sites = newSites();
      refuses(
        () => newStack(sites, { standby: none('one') }),
        'MANARA_SITES',
        '[bank/uae] sites, standby: expected at least two sites, one of which can be lost; received 1',
      );
      const others = newSites();
      refuses(
        () => newStack(others, { standby: newSite(others.dubai.zone, 'second') }),
        'MANARA_SITES',
        'expected each in a place of its own, which is lost as one; received aws:me-central-1, aws:me-central-1',
      );
      refuses(
        () => newStack(newSites(), { standby: sites.north }),
        'MANARA_SITES',
        'expected sites of zone "bank"',
      );
    });

    it('images that are copied too seldom', () => {
      refuses(
        () => newStack(newSites(), { images: { ...imageCopies, every: Duration.minutes(20) } }),
        'MANARA_RECOVERY',
        'recovery.point: images may be missing for 2400 s, a period and a run of images.every; expected at most 1800 s',
      );
    });

    it('images that cannot be copied', () => {
      const images = (props: object) => () =>
        newStack(newSites(), { images: { ...imageCopies, ...props } });
      refuses(
        images({ copier: { name: 'Krane:latest', tag: 'v1' } }),
        'MANARA_URI',
        '[bank/uae] images.copier.name: expected name of an image; received "Krane:latest"',
      );
      refuses(
        images({ others: [{ name: 'otel', tag: '1', digest: 'zzz' }] }),
        'MANARA_URI',
        'images.others.0.digest: expected digest of an image; received "zzz"',
      );
      refuses(images({ peers: [] }), 'MANARA_PEER', 'images.peers: expected where the registries');
      refuses(
        images({ credentials: 'Bad Secret!' }),
        'MANARA_NAME',
        'images.credentials: expected the name of a Secret; received "Bad Secret!"',
      );
      refuses(images({ every: Duration.minutes(7) }), 'MANARA_SCHEDULE', 'images.every: expected');
      const { dubai } = newSites();
      const sharing = newSite(dubai.zone, 'sharing', {
        place: 'azure:uaenorth',
        images: dubai.images,
      });
      refuses(
        () => newStack({ app: new App(), dubai, north: sharing }, { images: imageCopies }),
        'MANARA_SITES',
        'images.copier: expected a registry of its own for each site',
      );
    });

    it('props of another kind', () => {
      refuses(
        () => newStack(newSites(), { failover: untyped(60) }),
        'MANARA_PROP',
        'failover: expected a Duration of cdk8s; received 60',
      );
      refuses(
        () => newStack(newSites(), { images: untyped({ ...imageCopies, copier: 'krane' }) }),
        'MANARA_PROP',
        "images: expected an object or none('why')",
      );
    });
  });
});
