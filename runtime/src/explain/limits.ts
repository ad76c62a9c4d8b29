/** What one explanation may take. Requests beyond are refused by name before anything runs. */
export const limits = {
  /** Rows through the engine. */
  evaluations: 1_000_000,
  /** Coalitions that values are kept of. */
  coalitions: 65_536,
  /** Features of which all coalitions can be kept: 2^16. */
  exactFeatures: 16,
  /** Features, or groups of them, that KernelSHAP tells apart: its equations grow with the square. */
  kernelFeatures: 256,
  /** Coalitions times the square of the features: what the equations take in all, some 0.3 s. */
  kernelWork: 2 ** 27,
  /** The same for the permutation method. */
  permutationFeatures: 4096,
  /** Windows of occlusion. */
  windows: 65_536,
  /** Elements of the explained row. */
  elements: 1_048_576,
  /** The same where rows are mixed element by element, on the I/O thread. */
  mixedElements: 262_144,
  /** Features, or groups of them, whether or not they differ from the background. */
  features: 65_536,
  backgroundRows: 4096,
  /** Elements of the background in all. */
  backgroundElements: 1_048_576,
  deadlineMillis: 600_000,
} as const;

export const defaults = {
  seed: 0,
  deadlineMillis: 30_000,
  /** Coalitions that KernelSHAP samples besides two for each feature; as the `shap` package does. */
  sampledCoalitions: 2048,
  /** Orders of features that the permutation method takes, each there and back. */
  permutations: 10,
} as const;

/** Explanations under way at once; each has at most one run in the engine's queue. */
export const maxUnderWay = 8;

/**
 * Most bytes of input that one run of the engine is given, and most rows. Fixed, so that the same request
 * is always cut the same way, and small, so that other requests wait for no long run: a row of a table
 * takes a model microseconds, a row of tokens or pixels milliseconds.
 */
export const chunks = {
  table: { bytes: 128 * 1024, rows: 2048 },
  other: { bytes: 32 * 1024, rows: 512 },
} as const;
