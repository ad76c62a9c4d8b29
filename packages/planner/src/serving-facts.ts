/**
 * Measured constants of the bundled server, from `docs/benchmarks.md`'s method: onnxruntime-node 1.30
 * on Node 20, Xeon at 2.5 GHz with AVX512-VNNI, November 2026. They size a first deployment; a
 * measured service time always wins over them.
 */
export const servingFacts = {
  /** Fixed CPU time of a request besides the model: HTTP, JSON, hand-over. Measured 0.12 ms, doubled. */
  requestOverheadMillis: 0.25,
  /** Time of one inference per megabyte of weights: MiniLM, 90 MB, takes 14 ms on one thread. */
  inferenceMillisPerMegabyte: 0.155,
  /** Share of linear speed-up that intra-op threads give: two threads spend 22 CPU-ms for 14. */
  threadEfficiency: 0.64,
  /** More threads than this in one inference were not seen to help. */
  maxIntraOpThreads: 8,
  /** Resident memory of the server with no model: Node.js, onnxruntime and its arenas. */
  baseMemoryBytes: 256 * 1024 * 1024,
  /** Resident memory that each worker thread adds before its first session. */
  workerMemoryBytes: 48 * 1024 * 1024,
  /** Resident bytes per byte of weights in each session: 90 MB file, 90 MB more, and its arena. */
  sessionMemoryFactor: 1.5,
  /** Time to create one session per megabyte: 650 ms for 90 MB. */
  loadMillisPerMegabyte: 7.2,
} as const;
