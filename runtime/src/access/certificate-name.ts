import type { PeerCertificate } from 'node:tls';
import type { IdentityConfig } from '@manara/contract';
import { CredentialRefused } from './credential';

export type CertificateNaming = NonNullable<IdentityConfig['clientCertificates']>['name'];

/**
 * The caller that a verified certificate names.
 *
 * @throws CredentialRefused where it names none.
 */
export function certificateName(certificate: PeerCertificate, naming: CertificateNaming): string {
  return naming === 'spiffe' ? spiffeId(certificate) : distinguishedName(certificate);
}

/**
 * A SPIFFE certificate has exactly one URI among its alternative names.
 * Source: the SPIFFE specification "X.509-SVID", section 2; read 2026-11.
 */
function spiffeId({ subjectaltname = '' }: PeerCertificate): string {
  const uris = alternativeNames(subjectaltname)
    .filter(({ kind }) => kind === 'URI')
    .map(({ value }) => value);
  const [uri] = uris;
  if (uri === undefined || uris.length > 1 || !/^spiffe:\/\/[a-z0-9._-]+\/\S+$/.test(uri)) {
    throw new CredentialRefused('the certificate names no one SPIFFE id');
  }
  return uri;
}

interface AlternativeName {
  readonly kind: string;
  readonly value: string;
}

/** Node.js joins the names with commas and puts those in quotes, as JSON, that hold one. */
function alternativeNames(text: string): readonly AlternativeName[] {
  const names = text.matchAll(/([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/gy);
  return [...names].map(([, kind = '', value = '']) => ({
    kind,
    value: value.startsWith('"') ? (JSON.parse(value) as string) : value,
  }));
}

/**
 * `CN=payments,OU=retail,O=Bank`: the subject as RFC 4514 writes it, the last attribute first.
 * What could pass for another attribute is escaped.
 */
function distinguishedName({ subject }: PeerCertificate): string {
  const attributes = Object.entries(subject as unknown as Record<string, string | string[]>);
  const name = attributes
    .flatMap(([type, values]) =>
      [values].flat().map((value) => `${type}=${value.replace(/[,+"\\<>;=\n]/g, '\\$&')}`),
    )
    .reverse()
    .join(',');
  if (name === '') throw new CredentialRefused('the certificate has no subject');
  return name;
}
