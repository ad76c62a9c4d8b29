import { container } from '@manara/contract';
import type { DataFlow } from '@manara/residency';
import type { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { ConstructError, type ConstructErrorCode } from '../construct-error';
import { addCopyJob, quantities } from '../copies/copy-job';
import { copySchedule } from '../copies/copy-schedule';
import { imageGrammar, type ImageName } from '../image-name';
import { hasLate } from '../late/late';
import type { Labels, Peer } from '../peer';
import { duration, imageName, listOf, mapOf, optional, peer, record, text } from '../props/kinds';
import type { Site } from '../site';

/** How images get from the registry of a stack's first site to those of its others. */
export interface ImageCopies {
  /**
   * Name of the copying image in the first site's registry: krane of go-containerregistry, or another whose
   * entry point takes `copy SOURCE TARGET`. krane finds the credentials of ECR by itself.
   */
  readonly copier: ImageName;
  readonly every: Duration;
  /** Where both registries, and what signs for them, are reached: address ranges of private endpoints. */
  readonly peers: readonly [Peer, ...Peer[]];
  /**
   * Secret of type `kubernetes.io/dockerconfigjson` in the first site's namespace, for registries that the
   * pod's identity does not open.
   * @default - none
   */
  readonly credentials?: string;
  /**
   * Annotations of the job's service account, such as an IAM role's ARN. May be late.
   * @default - none
   */
  readonly identity?: Readonly<Record<string, string>>;
  /**
   * Images besides the server's.
   * @default - none
   */
  readonly others?: readonly ImageName[];
}

export const imageCopiesKind = record({
  copier: imageName,
  every: duration,
  peers: listOf(peer),
  credentials: optional(text),
  identity: optional(mapOf(text)),
  others: optional(listOf(imageName)),
});

/**
 * @param at construct path of the stack
 * @throws ConstructError MANARA_SCHEDULE for the period, MANARA_URI for what names no image, MANARA_PEER
 * without a way out, MANARA_NAME for a Secret's name, MANARA_SITES for two sites with one registry
 */
export function validateImageCopies(
  at: string,
  { copier, every, peers, credentials, others = [] }: ImageCopies,
  sites: readonly Site[],
): void {
  const refuse = (code: ConstructErrorCode, message: string): never => {
    throw new ConstructError(code, at, `images.${message}`);
  };
  copySchedule(at, 'images.every', every);
  for (const [prop, image] of [['copier', copier], ...others.entries()] as const) {
    const path = typeof prop === 'number' ? `others.${prop}` : prop;
    for (const key of ['name', 'tag', 'digest'] as const) {
      const value = image[key];
      if (value === undefined || hasLate(value) || imageGrammar[key].test(value)) continue;
      refuse('MANARA_URI', `${path}.${key}: expected ${key} of an image; received "${value}"`);
    }
  }
  if (peers.length === 0) {
    refuse('MANARA_PEER', 'peers: expected where the registries are reached; received none');
  }
  if (
    credentials !== undefined &&
    !hasLate(credentials) &&
    !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(credentials)
  ) {
    refuse('MANARA_NAME', `credentials: expected the name of a Secret; received "${credentials}"`);
  }
  const prefixes = sites.map(({ images }) => images.prefix);
  const shared = prefixes.find((prefix, i) => prefixes.indexOf(prefix) < i);
  if (shared === undefined) return;
  refuse(
    'MANARA_SITES',
    `copier: expected a registry of its own for each site, received "${shared}" twice; say images: none('one registry') where one is enough`,
  );
}

/** One image on its way to one registry. */
interface ImageCopy {
  readonly name: string;
  readonly source: string;
  readonly target: string;
}

export interface ImageCopyJob {
  readonly name: string;
  readonly from: Site;
  readonly to: readonly Site[];
  readonly copies: ImageCopies;
}

const server: ImageName = { name: container.image, tag: container.tag };
const dockerFolder = '/etc/docker';

/** A CronJob in a stack's first site that pushes its images to the registries of the others. */
export function addImageCopyJob(scope: Construct, job: ImageCopyJob): void {
  const { name, from, copies } = job;
  const { copier, credentials } = copies;
  const selector: Labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': 'image-copy',
  };
  addCopyJob(scope, {
    site: from,
    name,
    selector,
    labels: {
      ...selector,
      'app.kubernetes.io/part-of': from.zone.name,
      'app.kubernetes.io/managed-by': 'manara',
      'manara.dev/site': from.node.id,
    },
    every: copies.every,
    bytes: 0,
    identity: copies.identity ?? {},
    waysOut: copies.peers.map((peer) => ({ peer, port: 443 })),
    containers: imageCopies(job).map(({ name, source, target }) => ({
      name,
      image: from.images.image(copier.name, copier.tag, copier.digest),
      imagePullPolicy: 'IfNotPresent',
      args: ['copy', source, target],
      ...(credentials === undefined
        ? {}
        : { env: [{ name: 'DOCKER_CONFIG', value: dockerFolder }] }),
      resources,
      volumeMounts: [
        { name: 'temporary', mountPath: '/tmp' },
        ...(credentials === undefined
          ? []
          : [{ name: 'credentials', mountPath: dockerFolder, readOnly: true }]),
      ],
    })),
    volumes: [
      { name: 'temporary', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } },
      ...(credentials === undefined ? [] : [credentialsVolume(credentials)]),
    ],
  });
}

/** Layers go from one registry to the other as a stream. */
const share = quantities({ cpu: '250m', memory: '256Mi', 'ephemeral-storage': '128Mi' });
const resources: k8s.ResourceRequirements = { requests: share, limits: share };

function credentialsVolume(secretName: string): k8s.Volume {
  const items = [{ key: '.dockerconfigjson', path: 'config.json' }];
  return { name: 'credentials', secret: { secretName, items } };
}

/** The server's image, unless `others` says which one that is, and the others. */
function imagesOf({ others = [] }: ImageCopies): readonly ImageName[] {
  return others.some(({ name }) => name === server.name) ? others : [server, ...others];
}

/**
 * Whether a stack's copies bring an image to the other sites. Without a digest it is known by its tag.
 */
export function bringsImage(copies: ImageCopies, digest: string): boolean {
  return imagesOf(copies).some((image) => image.name === server.name && image.digest === digest);
}

function imageCopies({ from, to, copies }: ImageCopyJob): readonly ImageCopy[] {
  return to.flatMap((site) =>
    imagesOf(copies).map(({ name, tag, digest }, i) => ({
      name: `${site.node.id}-${i}`,
      source: from.images.image(name, tag, digest),
      // What is pushed under a digest has no name to be found by; the tag brings the same content.
      target: site.images.image(name, tag),
    })),
  );
}

/** Flow of images from one registry to each of the others. */
export function imageCopyFlows(
  owner: string,
  { from, to, copies }: ImageCopyJob,
): readonly DataFlow[] {
  const end = (site: Site) => ({
    name: `image registry of site ${site.node.id}`,
    place: site.images.place,
    uri: `https://${site.images.prefix}`,
    addresses: copies.peers.flatMap(({ cidrs }) => cidrs),
  });
  return to.map((site) => ({
    status: 'declared',
    kind: 'image',
    owner,
    dataClasses: [],
    from: end(from),
    to: end(site),
    encryption: 'tls',
  }));
}
