import {
  configAnnotation,
  givenParts,
  parseServerConfig,
  type ServerConfig,
  ServerConfigError,
} from '@manara/contract';
import { type ChartObject, chartObjects, Site } from '@manara/constructs';
import { CliError, messageOf, UsageError } from '../cli-error';
import type { Program } from '../load-program';
import { validated } from '../validated';

/** The server's configuration as the pods of a site carry it. */
export interface SiteConfig {
  /** `aws-me-central-1/fraud`: for messages. */
  readonly source: string;
  readonly config: ServerConfig;
}

/**
 * What the servers of one site are configured with, standbys included; or, where none is named, what
 * those that carry the traffic of any site are.
 *
 * @param siteName id or construct path of a site
 * @throws UsageError for a site that the tree has not; CliError for a tree that is refused, or one
 * without endpoints
 */
export function siteConfigs(program: Program, siteName?: string): readonly SiteConfig[] {
  const charts = validated(program, () => chartObjects(program.app));
  const sites = charts.flatMap(({ chart, objects }) =>
    Site.isSite(chart) ? [{ site: chart, objects }] : [],
  );
  const chosen =
    siteName === undefined
      ? undefined
      : chooseSite(
          sites.map((s) => s.site),
          siteName,
        );
  const configs = sites
    .filter(({ site }) => chosen === undefined || site === chosen)
    .flatMap(({ site, objects }) =>
      objects
        .filter((object) => chosen !== undefined || !isStandby(object))
        .flatMap((object) => configOf(object, site)),
    );
  if (configs.length === 0) {
    const where = siteName === undefined ? 'the tree' : `site "${siteName}"`;
    throw new CliError(`${program.file}: ${where} holds no endpoint to serve; add a ModelEndpoint`);
  }
  return configs;
}

function chooseSite(sites: readonly Site[], name: string): Site {
  const found = sites.filter((site) => site.node.id === name || site.node.path === name);
  const [site] = found;
  if (site !== undefined && found.length === 1) return site;
  const allowed = site === undefined ? sites.map((s) => s.node.id) : found.map((s) => s.node.path);
  throw new UsageError(`--site: expected one of ${allowed.join(', ')}; received "${name}"`);
}

interface Metadata {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What has a template of pods, or has none. */
interface Manifest {
  readonly metadata?: Metadata;
  readonly spec?: { readonly template?: { readonly metadata?: Metadata } };
}

function isStandby({ manifest }: ChartObject): boolean {
  return (manifest as Manifest).metadata?.labels?.['manara.dev/role'] === 'standby';
}

function configOf({ object, manifest }: ChartObject, site: Site): readonly SiteConfig[] {
  const text = (manifest as Manifest).spec?.template?.metadata?.annotations?.[configAnnotation];
  if (text === undefined) return [];
  const source = `${site.node.id}/${object.name}`;
  return [{ source, config: parse(text, `${object.kind} ${source}`) }];
}

/** What leads to hosts and Secrets of the cluster; an address may also be known only after deployment. */
const elsewhere: ReadonlySet<string> = new Set(['tracesEndpoint', ...givenParts]);

function parse(text: string, owner: string): ServerConfig {
  try {
    const config = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return parseServerConfig(Object.fromEntries(config.filter(([key]) => !elsewhere.has(key))));
  } catch (error) {
    if (!(error instanceof ServerConfigError || error instanceof SyntaxError)) throw error;
    throw new CliError(`${owner}: annotation ${configAnnotation}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
