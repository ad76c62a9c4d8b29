import { catalogue, type CatalogueEntry } from './errors/catalogue';
import { requestErrors } from './errors/request-errors';
import { accessErrors } from './errors/access-errors';
import { modelErrors } from './errors/model-errors';
import { tensorErrors } from './errors/tensor-errors';
import { explanationErrors } from './errors/explanation-errors';
import { feedbackErrors } from './errors/feedback-errors';
import { administrationErrors } from './errors/administration-errors';
import { repositoryErrors } from './errors/repository-errors';
import { jobErrors } from './errors/job-errors';
import { ownErrors } from './errors/own-errors';
import { ServingError } from './errors/serving-error';

export type { CatalogueEntry } from './errors/catalogue';
export { type GrpcStatusName, ServingError, withoutFolders } from './errors/serving-error';

/** The one catalogue of errors that callers see. A code is never reused for another meaning. */
export const errors = {
  ...requestErrors,
  ...accessErrors,
  ...modelErrors,
  ...tensorErrors,
  ...explanationErrors,
  ...feedbackErrors,
  ...administrationErrors,
  ...repositoryErrors,
  ...jobErrors,
  ...ownErrors,
} as const;

export const errorCatalogue: readonly CatalogueEntry[] = catalogue;

export const errorCodes: readonly string[] = catalogue.map(({ code }) => code);

/** What any thrown value is to a caller: itself if it is ours, a fault of the server otherwise. */
export function asServingError(thrown: unknown): ServingError {
  return thrown instanceof ServingError ? thrown : errors.internal();
}
