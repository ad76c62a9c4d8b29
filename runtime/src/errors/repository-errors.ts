import { define } from './catalogue';
import { withoutFolders } from './serving-error';

/** Of the repository. */
export const repositoryErrors = {
  serviceUnknown: define(
    'SERVICE_UNKNOWN',
    404,
    'NOT_FOUND',
    (service: string, known: string) =>
      `Service "${service}" is not known; check "" for the server, or "${known}"`,
  ),
  controlNotExplicit: define(
    'CONTROL_NOT_EXPLICIT',
    400,
    'FAILED_PRECONDITION',
    (mode: string) =>
      `Loading and unloading need --model-control-mode explicit; this server runs with ${mode}`,
  ),
  loadFailed: define(
    'LOAD_FAILED',
    400,
    'FAILED_PRECONDITION',
    (model: string, reasons: string) => `Model "${model}" did not load: ${withoutFolders(reasons)}`,
  ),
  repositoryUnreadable: define(
    'REPOSITORY_UNREADABLE',
    503,
    'UNAVAILABLE',
    (folder: string, reason: string) =>
      `The model repository "${withoutFolders(folder)}" cannot be read: ${reason}`,
  ),
} as const;
