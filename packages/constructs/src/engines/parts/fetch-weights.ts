import {
  configAnnotation,
  configFileName,
  container,
  fetchCommand,
  flags,
  type ServerConfig,
} from '@manara/contract';
import type { Place } from '@manara/residency';
import { k8s } from 'cdk8s-plus-28';
import type { ModelVersion } from '../../model-version';
import { restrictedContainer } from '../../pods/restricted';
import type { Workload } from '../lowering';
import {
  bucketsOf,
  fetchEnvironment,
  hostArguments,
  loginFolder,
  loginSecret,
} from './bucket-access';
import { fileVolume, type PodFile } from './pod-files';
import { validate } from './valid-config';
import { claimsFolder, claimsOf, publishedFiles } from './weights';

/** A model whose versions are brought. */
export interface FetchedModel {
  readonly name: string;
  readonly defaultVersion: number;
  readonly versions: readonly ModelVersion<Place>[];
}

/** What brings weights into a pod: an init container and its volumes. */
export interface FetchParts {
  readonly initContainer: k8s.Container;
  readonly volumes: readonly k8s.Volume[];
}

export interface FetchProps {
  /** Says what is brought: `fetchFile`, or the bundled server's own configuration. */
  readonly file: Pick<PodFile, 'annotation' | 'name'>;
  /** Digest of the bundled server's image. */
  readonly imageDigest: string | undefined;
  /** As large as the server's: the pod is charged for the larger of both. */
  readonly resources: k8s.ResourceRequirements;
  readonly weightsBytes: number;
}

/** Volumes by what they hold, for the server to mount. */
export const fetchVolumes = {
  weights: 'models',
  temporary: 'temporary',
  config: 'config',
} as const;

const mebibyte = 2 ** 20;

/**
 * The bundled server's fetch mode: it lays each version out as Triton's model repository has it and checks
 * its digest, whatever server then reads it.
 */
export function fetchParts(workload: Workload, props: FetchProps): FetchParts {
  const { site } = workload;
  const login = loginSecret(workload);
  const claims = claimsOf(workload);
  return {
    initContainer: {
      name: container.fetch,
      image: site.images.image(container.image, container.tag, props.imageDigest),
      imagePullPolicy: 'IfNotPresent',
      args: [
        fetchCommand,
        flags.config,
        container.configFile,
        flags.modelRepository,
        container.modelRepository,
        ...hostArguments(bucketsOf(workload)),
      ],
      env: Object.entries(fetchEnvironment(workload)).map(([name, value]) => ({ name, value })),
      resources: props.resources,
      securityContext: restrictedContainer,
      volumeMounts: [
        { name: fetchVolumes.config, mountPath: container.configFolder, readOnly: true },
        { name: fetchVolumes.temporary, mountPath: container.temporary },
        { name: fetchVolumes.weights, mountPath: container.modelRepository },
        ...claims.map((claim) => ({
          name: `claim-${claim}`,
          mountPath: `${claimsFolder}/${claim}`,
          readOnly: true,
        })),
        ...(login === undefined ? [] : [{ name: 'login', mountPath: loginFolder, readOnly: true }]),
      ],
    },
    volumes: [
      fileVolume(fetchVolumes.config, [props.file]),
      emptyDir(fetchVolumes.temporary, 64),
      // Twice the weights: a version that is replaced lies beside the new one until that is verified.
      emptyDir(fetchVolumes.weights, Math.ceil((props.weightsBytes * 2) / mebibyte) + 16),
      ...claims.map((claim) => ({
        name: `claim-${claim}`,
        persistentVolumeClaim: { claimName: claim, readOnly: true },
      })),
      ...(login === undefined ? [] : [loginVolume(login)]),
    ],
  };
}

export function emptyDir(name: string, mebibytes: number): k8s.Volume {
  return { name, emptyDir: { sizeLimit: k8s.Quantity.fromString(`${mebibytes}Mi`) } };
}

/** The login as Docker's own configuration file, which the fetch mode reads. */
function loginVolume(secretName: string): k8s.Volume {
  const items = [{ key: '.dockerconfigjson', path: 'config.json' }];
  return { name: 'login', secret: { secretName, items } };
}

/**
 * What fetch mode is told of models.
 *
 * @throws ConstructError MANARA_ENGINE for what it would refuse
 */
export function fetchFile({ endpoint, site }: Workload, models: readonly FetchedModel[]): PodFile {
  return configFile(endpoint.path, {
    modelRepository: container.modelRepository,
    models: models.map(({ name, defaultVersion, versions }) => ({
      name,
      defaultVersion,
      versions: versions.map(({ number, artifact }) => ({
        version: number,
        ...publishedFiles(artifact, artifact.bucketFor(site.place)),
      })),
    })),
  });
}

/** A configuration of the bundled server, as its pods carry it. */
function configFile(at: string, config: ServerConfig): PodFile {
  validate(at, config);
  const text = `${JSON.stringify(config, null, 2)}\n`;
  return { annotation: configAnnotation, name: configFileName, text };
}
