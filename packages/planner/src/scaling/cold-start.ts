/** Parts of the time until a new replica answers, in seconds. */
export interface ColdStart {
  /** Until a node is there that has room for it; 0 where nodes have room. */
  readonly nodeSeconds: number;
  /** Until the node has the server's image; 0 where it has. */
  readonly imagePullSeconds: number;
  /** From the start of the container until the model is loaded. */
  readonly loadSeconds: number;
  /** Of the first inference, which makes what later ones find made. */
  readonly firstInferenceSeconds: number;
}

export function coldStartSeconds(start: ColdStart): number {
  const { nodeSeconds, imagePullSeconds, loadSeconds, firstInferenceSeconds } = start;
  return nodeSeconds + imagePullSeconds + loadSeconds + firstInferenceSeconds;
}

/** Images come to a node at this rate or faster; assumed, for registries in the site's own place. */
const pullBytesPerSecond = 25_000_000;

/** Time to pull an image of this size to a node that does not have it. */
export function imagePullSeconds(imageBytes: number): number {
  return Math.ceil(imageBytes / pullBytesPerSecond);
}

/** Whether most of a cold start is the pull: what pulls images ahead of pods pays then, and only then. */
export function isPullDominant(start: ColdStart): boolean {
  return start.imagePullSeconds * 2 > coldStartSeconds(start) - start.nodeSeconds;
}
