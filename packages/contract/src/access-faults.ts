import type { AccessConfig } from './access-config';
import { show } from './schema-faults';

/** What JSON Schema cannot say of the keys that say who may use the server. */
export function accessFaults(config: AccessConfig): string[] {
  return [...tlsFaults(config), ...identityFaults(config), ...ruleFaults(config)];
}

function tlsFaults({ tls, identity }: AccessConfig): string[] {
  const faults: string[] = [];
  const byCertificate = identity?.clientCertificates !== undefined;
  if (tls?.clientCertificates !== undefined && tls.clientCaFile === undefined) {
    faults.push('tls.clientCertificates: needs tls.clientCaFile, received none');
  }
  if (tls?.clientCertificates === 'optional' && !byCertificate) {
    faults.push(
      'tls.clientCertificates: "optional" shows nothing unless identity.clientCertificates reads them; set that, or "required"',
    );
  }
  if (byCertificate && tls?.clientCaFile === undefined) {
    faults.push('identity.clientCertificates: needs tls.clientCaFile, received none');
  }
  return faults;
}

function identityFaults({ identity, rules }: AccessConfig): string[] {
  const faults: string[] = [];
  if (identity === undefined) return faults;
  const { apiKeys, jwt = [], clientCertificates } = identity;
  if (apiKeys === undefined && jwt.length === 0 && clientCertificates === undefined) {
    faults.push('identity: expected apiKeys, jwt or clientCertificates, received none of them');
  }
  if (rules === undefined) {
    faults.push(
      'rules: expected at least one, received nothing: with identity configured only what rules allow is answered',
    );
  }
  for (const [i, { jwksUrl, jwksFile }] of jwt.entries()) {
    if ((jwksUrl === undefined) === (jwksFile === undefined)) {
      const received = jwksUrl === undefined ? 'neither' : 'both';
      faults.push(`identity.jwt.${i}: expected either jwksUrl or jwksFile, received ${received}`);
    }
  }
  if (jwt.some(({ name }) => name === 'spiffe')) {
    faults.push(
      'identity.jwt: name "spiffe" would let tokens pass for certificates; choose another',
    );
  }
  for (const key of ['name', 'issuer'] as const) {
    const values = jwt.map((one) => one[key]);
    const twice = values.find((value, i) => values.indexOf(value) < i);
    if (twice !== undefined) faults.push(`identity.jwt: ${key} ${show(twice)} stands twice`);
  }
  return faults;
}

function ruleFaults({ identity, rules = [], limits }: AccessConfig): string[] {
  const faults: string[] = [];
  if (rules.length > 0 && identity === undefined) {
    faults.push('rules: need identity, received none: nobody could be told from another');
  }
  if (limits !== undefined && !rules.some(({ limit }) => limit !== undefined)) {
    faults.push('limits: no rule has a limit to count; add "limit" to one, or leave limits out');
  }
  const issuers = (identity?.jwt ?? []).map(({ name }) => name);
  for (const [i, { callers, groups, scopes, claims }] of rules.entries()) {
    if ([callers, groups, scopes, claims].every((condition) => condition === undefined)) {
      faults.push(
        `rules.${i}: expected callers, groups, scopes or claims, received none of them; callers: ["*"] is whoever is identified`,
      );
    }
    for (const named of [...(scopes ?? []), ...Object.keys(claims ?? {})]) {
      if (issuers.some((name) => named.startsWith(`${name}:`))) continue;
      const expected = issuers.map((name) => show(`${name}:…`)).join(' or ') || 'identity.jwt';
      faults.push(
        `rules.${i}: expected the name of an issuer before it, ${expected}, received ${show(named)}`,
      );
    }
  }
  return faults;
}
