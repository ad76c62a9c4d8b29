import { type App, Names } from 'cdk8s';
import { ConstructError } from '../construct-error';
import type { LateValues } from '../late';
import { fillManifest } from '../late-manifest';
import type { ManifestRecord } from '../manifest';
import { Site } from '../site';
import { chartObjects, type ChartObjects } from './chart-objects';

/** A file of YAML documents. */
export interface ManifestFile {
  /** Folder below the output: the site's id. */
  readonly folder: string;
  /** File name; in the order of names, what others need comes first. */
  readonly name: string;
  readonly documents: readonly ManifestRecord[];
}

/** The site's own objects come before its endpoints': `kubectl apply -f` takes files by name. */
const siteFile = '00-site.yaml';

/**
 * The tree as files: one folder a site, one file an endpoint, and one for what they share.
 *
 * @param values late values by name
 * @throws Error for whatever `chartObjects` refuses; ConstructError MANARA_LATE naming every late value
 * that `values` lacks
 */
export function manifestFiles(app: App, values: LateValues = {}): readonly ManifestFile[] {
  const missing = new Set<string>();
  const files = chartObjects(app).flatMap((chart) => filesOf(chart, values, missing));
  if (missing.size > 0) {
    throw new ConstructError(
      'MANARA_LATE',
      'synth',
      `values: expected ${[...missing].sort().join(', ')}, which are known only after deployment; received none`,
    );
  }
  return files;
}

function filesOf(
  { chart, objects }: ChartObjects,
  values: LateValues,
  missing: Set<string>,
): readonly ManifestFile[] {
  const groups = new Map<string, ManifestRecord[]>();
  for (const item of objects) {
    const name = item.group === undefined ? siteFile : `${item.group.node.id}.yaml`;
    const documents = groups.get(name) ?? [];
    documents.push(fillManifest(item.manifest, values, missing));
    groups.set(name, documents);
  }
  const folder = Site.isSite(chart) ? chart.node.id : Names.toDnsLabel(chart);
  return [...groups].map(([name, documents]) => ({ folder, name, documents }));
}
