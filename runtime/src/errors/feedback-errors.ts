import { define } from './catalogue';

/** Of feedback. */
export const feedbackErrors = {
  feedbackOff: define(
    'FEEDBACK_OFF',
    404,
    'NOT_FOUND',
    (model: string) =>
      `Model "${model}" takes no feedback; it needs "variants.feedback", and the model in "variants.models"`,
  ),
  predictionUnknown: define(
    'PREDICTION_UNKNOWN',
    404,
    'NOT_FOUND',
    (model: string, id: string) =>
      `No prediction of model "${model}" with the id "${id}" waits for its outcome: it was asked for by another caller or with a version in its path, is too long ago, or its outcome was told before`,
  ),
  feedbackStoreAway: define(
    'FEEDBACK_STORE_AWAY',
    503,
    'UNAVAILABLE',
    (reason: string) => `The Redis of feedback does not answer: ${reason}; tell it again later`,
    () => 5,
  ),
} as const;
