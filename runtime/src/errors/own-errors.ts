import { define } from './catalogue';
import { withoutFolders } from './serving-error';

/** Faults of ours. */
export const ownErrors = {
  engineFailed: define(
    'ENGINE_FAILED',
    500,
    'INTERNAL',
    (model: string, version: number, detail: string) =>
      `Model "${model}" version ${version} failed to run: ${withoutFolders(detail)}`,
  ),
  internal: define(
    'INTERNAL',
    500,
    'INTERNAL',
    () => 'The server failed to answer; its log says why',
  ),
} as const;
