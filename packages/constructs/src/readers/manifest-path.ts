import { type ApiObject, type Chart, Names } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { groupOf } from '../dossier/objects';
import { Site } from '../site';

/** The site's own objects come before its endpoints': `kubectl apply -f` takes files by name. */
const siteFile = '00-site.yaml';

/** Folder of a chart below an output: the site's id. */
export function chartFolder(chart: Chart): string {
  return Site.isSite(chart) ? chart.node.id : Names.toDnsLabel(chart);
}

/** File of a group of objects below its chart's folder. */
export function groupFile(group: IConstruct | undefined): string {
  return group === undefined ? siteFile : `${group.node.id}.yaml`;
}

/** File that an object is written to: `dubai/fraud.yaml`. */
export function manifestPath(object: ApiObject, chart: Chart): string {
  return `${chartFolder(chart)}/${groupFile(groupOf(object, chart))}`;
}
