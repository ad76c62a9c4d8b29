import { copyFile, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  explanationFile,
  modelFilePath,
  type ServedModel,
  type ServerConfig,
} from '@manara/contract';
import { ModelEndpoint } from '@manara/constructs';
import { isLate } from '@manara/residency';
import type { App } from 'cdk8s';
import { CliError, systemCode } from '../cli-error';

/** Weights that a model's version is served from. */
export interface ModelSource {
  readonly model: string;
  readonly version: number;
  readonly sha256: string;
  /** Address that the server's configuration names. */
  readonly uri: string;
  /** Path on this machine, where the artifact has one. */
  readonly file: string | undefined;
  /** Path of the `explain.json` that stands beside it, where the artifact has one. */
  readonly explanation: string | undefined;
}

/**
 * Where each version of a configuration comes from: the file that its artifact names, or else the
 * address that it is published at.
 *
 * @throws CliError naming every version that this machine cannot read
 */
export function modelSources(app: App, config: ServerConfig): readonly ModelSource[] {
  const files = localFiles(app);
  const sources = (config.models ?? []).flatMap((model) =>
    model.versions.map(({ version, sha256, uri }) => {
      const local = files.get(keyOf(model.name, version, sha256)) ?? notHere;
      return { model: model.name, version, sha256, uri, ...local };
    }),
  );
  const unreadable = sources.filter(({ file, uri }) => file === undefined && !canFetch(uri));
  if (unreadable.length > 0) {
    const list = unreadable.map(({ model, version, uri }) => `  - ${model}/${version}: ${uri}`);
    throw new CliError(
      `this machine cannot read the weights of some versions; give their ModelArtifact a "file", and its explanation where it has one:\n${list.join('\n')}`,
    );
  }
  return sources;
}

/** The configuration with only the versions that have no file here. */
export function missingModels(config: ServerConfig, sources: readonly ModelSource[]): ServerConfig {
  const models = (config.models ?? []).flatMap((model): ServedModel[] => {
    const versions = model.versions.filter(({ version }) =>
      sources.some((s) => s.model === model.name && s.version === version && s.file === undefined),
    );
    const [first] = versions;
    return first === undefined ? [] : [{ ...model, versions, defaultVersion: first.version }];
  });
  return { ...config, models };
}

/** Links each version's file into a repository in Triton's layout; the server checks the digests. */
export async function linkModels(
  sources: readonly ModelSource[],
  repository: string,
): Promise<void> {
  for (const { model, version, file, explanation } of sources) {
    const target = join(repository, modelFilePath(model, version));
    await mkdir(dirname(target), { recursive: true });
    if (file !== undefined) await link(file, target);
    if (explanation !== undefined) await link(explanation, join(dirname(target), explanationFile));
  }
}

/** By way of a rename, so that a server which reads the same repository never finds nothing. */
async function link(file: string, target: string): Promise<void> {
  const fresh = `${target}.${process.pid}.new`;
  await rm(fresh, { force: true });
  try {
    await symlink(file, fresh);
  } catch (error) {
    // Not every file system has links, and Windows lets only some users make them.
    if (!['EPERM', 'ENOSYS', 'EOPNOTSUPP'].includes(systemCode(error) ?? '')) throw error;
    await copyFile(file, fresh);
  }
  await rename(fresh, target);
}

type LocalFiles = Pick<ModelSource, 'file' | 'explanation'>;

const notHere: LocalFiles = { file: undefined, explanation: undefined };

/** Of the versions whose files are all here. */
function localFiles(app: App): ReadonlyMap<string, LocalFiles> {
  return new Map(
    app.node
      .findAll()
      .filter((construct) => ModelEndpoint.isModelEndpoint(construct))
      .flatMap((endpoint) =>
        endpoint.versions.flatMap(({ number, artifact }): [string, LocalFiles][] => {
          const { file, explanation, sha256 } = artifact;
          const isPart = explanation !== undefined && explanation.file === undefined;
          if (file === undefined || isPart) return [];
          return [[keyOf(endpoint.name, number, sha256), { file, explanation: explanation?.file }]];
        }),
      ),
  );
}

function keyOf(model: string, version: number, sha256: string): string {
  return `${model}/${version}/${sha256}`;
}

/** A claim is mounted in pods only, and a late address is known only after deployment. */
function canFetch(uri: string): boolean {
  return /^(https|s3):\/\//.test(uri) && !isLate(uri);
}
