import type { Place } from '@manara/residency';
import { ConstructError } from '../construct-error';
import { shown } from '../props/props';
import type { Site } from '../site';
import type { GatewayAccess, InferenceGatewayProps, RateLimit } from './gateway-props';
import { dnsName } from './host-name';

const verbs = ['read', 'infer', 'explain', 'load'];

/**
 * Checks what props of a gateway say beyond their kinds.
 *
 * @throws ConstructError MANARA_GATEWAY
 */
export function checkGateway(at: string, site: Site, props: InferenceGatewayProps<Place>): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_GATEWAY', at, message);
  };
  if (site.mesh === undefined) {
    refuse(
      `site "${site.node.id}" has no mesh, whose proxies a gateway is made of; expected mesh: ServiceMesh.istio() there`,
    );
  }
  if (!dnsName.test(props.host) || !props.host.includes('.')) {
    refuse(`host: expected a DNS name such as api.bank.example; received ${shown(props.host)}`);
  }
  if (props.from.length === 0) refuse('from: expected who may connect; received nobody');
  if (props.issuers.length === 0) refuse('issuers: expected at least one; received none');
  if (props.access.length === 0) refuse('access: expected at least one endpoint; received none');
  const issuers = props.issuers.map(({ issuer }) => issuer);
  if (new Set(issuers).size < issuers.length) {
    refuse(`issuers: expected each once; received ${issuers.join(', ')}`);
  }
  checkSize(refuse, props.maxRequestBytes);
  for (const origin of props.cors?.origins ?? []) checkOrigin(refuse, origin);
  for (const [i, access] of props.access.entries()) {
    const where = `access.${i}`;
    checkEndpoint(refuse, where, site, access);
    checkVerbs(refuse, where, access);
    checkVersions(refuse, where, access);
    if (access.limit !== undefined) checkLimit(refuse, `${where}.limit`, access.limit);
  }
  checkLimits(refuse, props.access);
  checkEndpointLimits(refuse, props);
  checkShared(refuse, props);
}

type Refuse = (message: string) => never;

function checkEndpoint(
  refuse: Refuse,
  where: string,
  site: Site,
  { endpoint }: GatewayAccess<Place>,
): void {
  const sites = endpoint.workloads.map((workload) => workload.site);
  if (sites.includes(site)) return;
  refuse(
    `${where}.endpoint: expected one that runs on site "${site.node.id}"; received "${endpoint.name}", which runs on ${sites.map(({ node }) => node.id).join(', ')}`,
  );
}

function checkVerbs(refuse: Refuse, where: string, access: GatewayAccess<Place>): void {
  if (access.verbs === undefined) return;
  const unknown = access.verbs.find((verb) => !verbs.includes(verb));
  if (access.verbs.length > 0 && unknown === undefined) return;
  refuse(`${where}.verbs: expected some of ${verbs.join(', ')}; received ${unknown ?? 'none'}`);
}

function checkVersions(
  refuse: Refuse,
  where: string,
  { endpoint, versions }: GatewayAccess<Place>,
): void {
  if (versions === undefined) return;
  const served = endpoint.versions.map(({ number }) => number);
  const unknown = versions.find((version) => !served.includes(version));
  if (versions.length > 0 && unknown === undefined) return;
  refuse(
    `${where}.versions: expected versions of "${endpoint.name}" (${served.join(', ')}); received ${unknown ?? 'none'}`,
  );
}

function checkLimit(refuse: Refuse, where: string, { requestsPerSecond, burst }: RateLimit): void {
  if (!(requestsPerSecond >= 0.001 && requestsPerSecond <= 1e6)) {
    refuse(
      `${where}.requestsPerSecond: expected a number from 0.001 to 1000000; received ${requestsPerSecond}`,
    );
  }
  if (burst !== undefined && !(Number.isSafeInteger(burst) && burst >= 1 && burst <= 1e6)) {
    refuse(`${where}.burst: expected a whole number from 1 to 1000000; received ${burst}`);
  }
}

/** Callers who are not named share one kind of count: two limits of it would contradict each other. */
function checkLimits(refuse: Refuse, access: readonly GatewayAccess<Place>[]): void {
  const seen = new Set<string>();
  for (const { endpoint, callers, limit } of access) {
    if (limit === undefined) continue;
    const { subjects } = callers.identity;
    for (const who of subjects.length === 0 ? ['callers who are not named'] : subjects) {
      const key = JSON.stringify([endpoint.name, who]);
      if (seen.has(key)) {
        refuse(`access: expected one limit of "${endpoint.name}" for ${who}; received two`);
      }
      seen.add(key);
    }
  }
}

function checkEndpointLimits(
  refuse: Refuse,
  { limits = [], access }: InferenceGatewayProps<Place>,
): void {
  for (const [i, limit] of limits.entries()) {
    const { name } = limit.endpoint;
    checkLimit(refuse, `limits.${i}`, limit);
    if (!access.some(({ endpoint }) => endpoint === limit.endpoint)) {
      refuse(`limits.${i}.endpoint: expected one that access lists; received "${name}"`);
    }
    if (limits.findIndex(({ endpoint }) => endpoint === limit.endpoint) < i) {
      refuse(`limits.${i}.endpoint: expected each once; received "${name}" twice`);
    }
  }
}

function checkShared(refuse: Refuse, props: InferenceGatewayProps<Place>): void {
  const { sharedLimits, limits = [], access } = props;
  if (sharedLimits === undefined) return;
  const { uri } = sharedLimits;
  if (!/^rediss?:\/\/[\w.-]+(:\d{1,5})?\/?$/.test(uri)) {
    refuse(
      `sharedLimits.uri: expected rediss://host:port, without user, password and database; received "${uri}"`,
    );
  }
  if (limits.length === 0 && access.every(({ limit }) => limit === undefined)) {
    refuse('sharedLimits: expected a limit to count, in limits or in access; received none');
  }
}

function checkSize(refuse: Refuse, bytes: number | undefined): void {
  if (bytes === undefined) return;
  if (Number.isSafeInteger(bytes) && bytes >= 1 && bytes < 2 ** 32) return;
  refuse(`maxRequestBytes: expected whole bytes from 1 to 4294967295; received ${bytes}`);
}

function checkOrigin(refuse: Refuse, origin: string): void {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return;
  refuse(`cors.origins: expected origins such as https://app.bank.example; received "${origin}"`);
}
