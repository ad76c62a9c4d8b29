import type { Kube, KubeObject } from './kube';

/** What there was to do about an alert. */
export interface Task {
  readonly kube: Kube;
  /** Name of the alert. */
  readonly alert: string;
  /** Which time of its firing. */
  readonly firing: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What came of it. */
export type Outcome =
  | {
      readonly done: true;
      /** For the event: `ScaledOut`. */
      readonly reason: string;
      readonly message: string;
      readonly object: KubeObject;
    }
  | { readonly done: false; readonly message: string };

export function notDone(message: string): Outcome {
  return { done: false, message };
}
