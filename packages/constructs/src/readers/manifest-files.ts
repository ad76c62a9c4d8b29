import { addressesOf, type Audit } from '@manara/residency';
import { type App, Names } from 'cdk8s';
import { ConstructError } from '../construct-error';
import { fillLate, type LateValues } from '../late';
import { fillManifest } from '../late-manifest';
import type { ManifestRecord } from '../manifest';
import { Site } from '../site';
import { refusalOf } from '../zone-audit';
import { auditTree } from './audit-tree';
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
 * @throws Error for whatever `chartObjects` refuses; ConstructError MANARA_SITES for two sites of one
 * id, MANARA_LATE naming every late value that `values` lacks, those of sinks that no manifest names
 * included, and MANARA_RESIDENCY for values that violate a zone
 */
export function manifestFiles(app: App, values: LateValues = {}): readonly ManifestFile[] {
  const missing = new Set<string>();
  const files = chartObjects(app).flatMap((chart) => filesOf(chart, values, missing));
  refuseSharedFolders(files);
  const audits = auditTree(app, values);
  // A sink's address may stand in no manifest; nobody could judge it after synth.
  for (const address of audits.flatMap(({ flows }) => flows).flatMap(addressesOf)) {
    fillLate(address, values, missing);
  }
  refuseMissing(missing, values);
  refuseViolations(audits);
  return files;
}

function refuseMissing(missing: ReadonlySet<string>, values: LateValues): void {
  if (missing.size === 0) return;
  const received = Object.keys(values).sort().join(', ');
  throw new ConstructError(
    'MANARA_LATE',
    'synth',
    `values: expected ${[...missing].sort().join(', ')}, known only after deployment; received ${received === '' ? 'none' : `only ${received}`}; write the missing into a file: manara synth --values FILE`,
  );
}

/** The tree's own check has skipped the late addresses; what they are is known only now. */
function refuseViolations(audits: readonly Audit[]): void {
  const violations = audits.flatMap((audit) => audit.violations);
  if (violations.length === 0) return;
  throw new ConstructError(
    'MANARA_RESIDENCY',
    'synth',
    `values: addresses that are now known leave the zone:\n${violations.map((v) => `  ${refusalOf(v)}`).join('\n')}\n`,
  );
}

/** Sites of two zones may have the same id; the files of one would overwrite the other's. */
function refuseSharedFolders(files: readonly ManifestFile[]): void {
  const seen = new Set<string>();
  const twice = files.find(({ folder, name }) => {
    const path = `${folder}/${name}`;
    return seen.has(path) || !seen.add(path);
  });
  if (twice === undefined) return;
  throw new ConstructError(
    'MANARA_SITES',
    'synth',
    `sites: two are called "${twice.folder}" and would share the folder; give each its own id`,
  );
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
