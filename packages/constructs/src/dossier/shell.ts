import type { ApiObject } from 'cdk8s';
import type { Labels } from '../peer';
import type { Site } from '../site';

/** A command line, each word quoted where a shell would read more into it. */
export function shell(...words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command of kubectl on a site: its context is called as the site. */
export function kubectl(site: Site, ...args: readonly string[]): string {
  return shell('kubectl', '--context', site.node.id, '-n', site.namespaceName, ...args);
}

/** A command of kubectl on the files that synth writes for a site. They say which namespace they belong to. */
export function kubectlFiles(site: Site, verb: 'diff' | 'apply'): string {
  return shell('kubectl', '--context', site.node.id, verb, '-f', `dist/${site.node.id}`);
}

/** An object in the words of kubectl: `deployment/fraud`. */
export function objectName({ kind, name }: ApiObject): string {
  return `${kind.toLowerCase()}/${name}`;
}

/** Labels as a selector of kubectl. */
export function selector(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
