/**
 * Measured constants of the bundled server: onnxruntime-node 1.30 on Node 20, Xeon at 2.5 GHz with
 * AVX512-VNNI, November 2026. They size a first deployment; a measured service time, and a measured
 * memory of the largest request, always win over them.
 *
 * Memory of requests was measured on 2026-11-22 with the two example models, one worker, as the
 * smallest memory limit of a cgroup under which the server answered, less that of a request of one
 * row (137 MiB for fraud, 143 MiB for the document reader). Bodies were zeros in JSON, `0,0,0`, the
 * most elements that a body holds: 15.3 MiB to fraud version 1 took 390 MiB more and to version 2
 * 154 MiB; 0.5 and 2 MiB to the document reader 137 and 560 MiB. Activations are the highest resident
 * memory of binary requests, less the idle server's. `test/image` sends the largest request to the
 * server under the limit that is computed from these.
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
  /**
   * Bytes that each byte of a JSON body comes to while it is read: body, text, numbers. Fraud version
   * 2 (trees, which compute next to nothing in between) needed 154 MiB for 15.3, its reply included.
   */
  requestReadFactor: 16,
  /**
   * Bytes that a model works with per byte of its input tensors, outputs included: the document
   * reader 35 (a convolutional network: 201 MiB for 5.6 MiB), fraud version 1 9 (151 for 15.3).
   */
  activationFactor: 35,
  /** Bytes per output element of a JSON reply: its text of some 20 characters, four times over. */
  replyElementBytes: 80,
  /** Bytes per byte of body where the signature is not known: the document reader's 290, and some. */
  requestMemoryPerByte: 350,
  /** Time to create one session per megabyte: 650 ms for 90 MB. */
  loadMillisPerMegabyte: 7.2,
} as const;
