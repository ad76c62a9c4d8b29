import { remediation } from '@manara/contract';
import type { KubeObject } from './kube';

/** What was last done to an object; it stands in an annotation of it, and outlives this process. */
export interface LastAction {
  /** The alert's name, for whoever reads the object. */
  readonly alert: string;
  /** Which time of its firing. */
  readonly firing: string;
  readonly at: string;
  /** What was changed, as it was before; gone once it was put back. */
  readonly before?: number;
}

/** `undefined` where nothing was done, or the annotation is not ours. */
export function lastAction({ metadata }: KubeObject): LastAction | undefined {
  const text = metadata.annotations?.[remediation.annotation];
  if (text === undefined) return undefined;
  try {
    const { alert, firing, at, before } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (typeof alert !== 'string' || typeof firing !== 'string') return undefined;
    if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) return undefined;
    return { alert, firing, at, ...(typeof before === 'number' ? { before } : {}) };
  } catch {
    return undefined;
  }
}

/**
 * Metadata of a patch that notes an action. It names the version of the object that was looked at: where
 * somebody else acted meanwhile, the API server refuses it (409).
 */
export function noted(object: KubeObject, action: LastAction): object {
  return {
    resourceVersion: object.metadata.resourceVersion,
    annotations: { [remediation.annotation]: JSON.stringify(action) },
  };
}

/** Why there is to be no action on an object now; `undefined` where there may be. */
export function whyNot(
  last: LastAction | undefined,
  firing: string,
  coolDownSeconds: number,
  now: number,
): string | undefined {
  if (last === undefined) return undefined;
  if (last.firing === firing) return 'done before, for this alert';
  const seconds = (now - Date.parse(last.at)) / 1000;
  if (seconds < coolDownSeconds) {
    return `the last action is ${Math.round(seconds)} s ago, and ${coolDownSeconds} s are to lie between two`;
  }
  return undefined;
}
