/** Alerts of endpoints; a test holds the list to the rules. */
export const endpointAlertNames = [
  'ManaraAvailabilityFastBurn',
  'ManaraAvailabilitySlowBurn',
  'ManaraAvailabilityBudgetDrain',
  'ManaraLatencyFastBurn',
  'ManaraLatencySlowBurn',
  'ManaraLatencyBudgetDrain',
  'ManaraEndpointDown',
  'ManaraVersionNotReady',
  'ManaraThreadsBusy',
  'ManaraQueueSlow',
  'ManaraRequestsRefused',
  'ManaraServerLate',
  'ManaraVariantShares',
  'ManaraModelQuality',
  'ManaraExposuresLost',
  'ManaraDegradedAnswers',
  'ManaraStaleAnswers',
  'ManaraUnservedNames',
] as const;

/** Name of an alert of an endpoint. */
export type EndpointAlert = (typeof endpointAlertNames)[number];
