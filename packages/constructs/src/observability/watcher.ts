import type { Construct, IConstruct } from 'constructs';
import { unlessAbsent } from '../absent';
import type { LoweredWorkload } from '../engines/lowering';
import type { Peer } from '../peer';
import type { Site } from '../site';

/** Key of the method by which what watches a site is shown each endpoint on it. */
export const watchWorkload = Symbol.for('@manara/constructs.watchWorkload');

/** Where servers send their spans. */
export interface TracesTarget {
  readonly uri: string;
  readonly peer: Peer;
  readonly port: number;
  /** Secret whose `ca.crt` its certificate is checked by. @default - the public authorities */
  readonly authoritySecret?: string;
}

/** What watches a site. */
export interface Watcher {
  /** Where the site's servers send spans in place of the site's sink. @default - there */
  readonly traces?: TracesTarget | undefined;
  /** @param scope holds the endpoint's objects in the site */
  [watchWorkload](scope: Construct, workload: LoweredWorkload): void;
}

/** What watches a site, where something does. */
export function watcherOf(site: Site): (IConstruct & Watcher) | undefined {
  return site.node.children.find((c): c is IConstruct & Watcher => watchWorkload in c);
}

/** Where the servers of a site send spans: its collector, where it has one, else its sink. */
export function tracesTarget(site: Site): TracesTarget | undefined {
  return watcherOf(site)?.traces ?? unlessAbsent(site.traces);
}
