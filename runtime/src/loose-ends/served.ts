import type { LoadedVersion } from '../repository/loaded-version';
import type { ModelRepository } from '../repository/repository';

/** What of the repository tells whether a name of the configuration leads anywhere. */
export type Served = Pick<ModelRepository, 'models' | 'readyVersions'>;

/** Why no version of a model answers requests; `undefined` where one does. */
export function whyNoVersion(served: Served, model: string): string | undefined {
  if (served.readyVersions(model).length > 0) return undefined;
  const isKnown = served.models().some(({ name }) => name === model);
  return isKnown ? `no version of model "${model}" answers` : notLoaded(served, model);
}

/** The version, or why it does not answer. */
export function answering(served: Served, model: string, version: number): LoadedVersion | string {
  const ready = served.readyVersions(model);
  const found = ready.find((loaded) => loaded.version === version);
  if (found !== undefined) return found;
  return (
    whyNoVersion(served, model) ??
    `version ${version} of model "${model}" does not answer, only ${ready.map((one) => one.version).join(', ')}`
  );
}

function notLoaded(served: Served, model: string): string {
  const names = served.models().map(({ name }) => `"${name}"`);
  const others = names.length === 0 || names.length > 10 ? '' : `, only ${names.join(', ')}`;
  return `no model "${model}" is loaded${others}`;
}
