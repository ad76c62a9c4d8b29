import { addressesOf, type Audit } from '@manara/residency';
import type { App } from 'cdk8s';
import { ConstructError } from '../construct-error';
import { fillLate, hasLateValues, type LateValues } from '../late/late';
import { lateValuesIn } from '../late/late-in-tree';
import { fillManifest } from '../late/late-manifest';
import type { ManifestRecord } from '../manifest';
import { auditFilled, refusals } from '../flows/zone-audit';
import { auditTree } from './audit-tree';
import { chartObjects, type ChartObjects } from './chart-objects';
import { chartFolder, groupFile } from './manifest-path';

/** A file of YAML documents. */
export interface ManifestFile {
  /** Folder below the output: the site's id. */
  readonly folder: string;
  /** File name; in the order of names, what others need comes first. */
  readonly name: string;
  readonly documents: readonly ManifestRecord[];
}

/**
 * The tree as files: one folder a site, one file an endpoint, and one for what they share.
 *
 * @param values late values by name
 * @throws Error for whatever `chartObjects` refuses; ConstructError MANARA_SITES for two sites of one
 * id, MANARA_LATE naming every late value that `values` lacks, those of sinks that no manifest names
 * included, or one that has two sources, and MANARA_RESIDENCY for values that violate a zone
 */
export function manifestFiles(app: App, values: LateValues = {}): readonly ManifestFile[] {
  const missing = new Set<string>();
  const charts = chartObjects(app);
  const audits = hasLateValues() ? auditTree(app) : [];
  refuseTwofold(charts, audits);
  const files = charts.flatMap((chart) => filesOf(chart, values, missing));
  refuseSharedFolders(files);
  // A sink's address may stand in no manifest; nobody could judge it after synth.
  for (const address of audits.flatMap(({ flows }) => flows.flatMap(addressesOf))) {
    fillLate(address, values, missing);
  }
  refuseMissing(missing, values);
  refuseFilled(audits.map((audit) => auditFilled(audit, values)));
  return files;
}

/** A file has one value for a name; which of two sources it stands for, nobody could tell. */
function refuseTwofold(charts: readonly ChartObjects[], audits: readonly Audit[]): void {
  const sources = new Map<string, unknown>();
  const manifests = charts.flatMap(({ objects }) => objects.map(({ manifest }) => manifest));
  const addresses = audits.flatMap(({ flows }) => flows.flatMap(addressesOf));
  for (const { name, source } of lateValuesIn([...manifests, ...addresses])) {
    if (sources.has(name) && sources.get(name) !== source) {
      throw new ConstructError(
        'MANARA_LATE',
        'synth',
        `late("${name}"): expected one source, received two; give each value a name of its own`,
      );
    }
    sources.set(name, source);
  }
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

/** What the values of late addresses are is known only now; the tree's own check had to skip them. */
function refuseFilled(filled: readonly Audit[]): void {
  const lines = refusals(filled.flatMap(({ violations }) => violations));
  if (lines.length === 0) return;
  throw new ConstructError(
    'MANARA_RESIDENCY',
    'synth',
    `values: addresses that are now known leave the zone:\n${lines.map((line) => `  ${line}`).join('\n')}\n`,
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
    const name = groupFile(item.group);
    const documents = groups.get(name) ?? [];
    documents.push(fillManifest(item.manifest, values, missing));
    groups.set(name, documents);
  }
  const folder = chartFolder(chart);
  return [...groups].map(([name, documents]) => ({ folder, name, documents }));
}
