import { define } from './catalogue';

/** Of explanations. */
export const explanationErrors = {
  explanationUnsupported: define(
    'EXPLANATION_UNSUPPORTED',
    400,
    'INVALID_ARGUMENT',
    (model: string, version: number, why: string) =>
      `Model "${model}" version ${version} cannot be explained like this: ${why}`,
  ),
  backgroundMissing: define(
    'BACKGROUND_MISSING',
    400,
    'INVALID_ARGUMENT',
    (method: string) =>
      `Method ${method} needs rows that stand for unknown features: send them as input "background", put them into the version's explain.json, or use method occlusion`,
  ),
  explanationNotFinite: define(
    'EXPLANATION_NOT_FINITE',
    400,
    'INVALID_ARGUMENT',
    (value: string) => `A row that the explanation made came to ${value}`,
  ),
  explanationIncomplete: define(
    'EXPLANATION_INCOMPLETE',
    504,
    'DEADLINE_EXCEEDED',
    (progress: string) =>
      `The explanation's deadline came too early to tell anything: ${progress}; raise deadline_ms or lower the budget`,
  ),
  explanationsTooMany: define(
    'EXPLANATIONS_TOO_MANY',
    429,
    'RESOURCE_EXHAUSTED',
    (limit: number) => `${limit} explanations are under way, the limit; try again later`,
  ),
} as const;
