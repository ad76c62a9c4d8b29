import type { Place } from '@manara/residency';
import {
  type Control,
  type DossierPart,
  type ManifestEvidence,
  mergeParts,
} from '../dossier/dossier-part';
import { objectsBelow } from '../dossier/objects';
import { peerNames } from '../dossier/peer-names';
import { kubectl, shell } from '../dossier/shell';
import { joined, list, say, type Text } from '../dossier/text';
import { contractPath } from './contract-path';
import type { Callers } from './callers';
import type { GatewayAccess } from './gateway-props';
import type { LoweredGateway } from './lowered-gateway';
import { refusals } from './refusals';

/** What a gateway says of itself: who gets in, what they may do, what they are told. */
export function gatewayPart(gateway: LoweredGateway): DossierPart {
  const { at, name, site, props, behind } = gateway;
  const objects = objectsBelow(site.node.tryFindChild(name));
  return mergeParts([
    {
      blocks: [
        {
          kind: 'architecture',
          id: `${at}#entry`,
          name: `Way in ${props.host}`,
          does: say`The one way into ${site.node.id} from outside of its mesh: identity, access, limits and one contract for ${list(behind.map((one) => one.name))}`,
        },
        {
          kind: 'solution',
          id: at,
          name: `Gateway ${name} at ${site.node.id}`,
          does: say`The mesh's proxy, ${props.proxy.name} ${props.proxy.tag}, with TLS ${props.tls.minVersion} or later`,
          realizes: [`${at}#entry`],
          site: site.node.id,
          place: site.place,
          objects,
        },
      ],
      interfaces: [
        {
          of: at,
          name: 'HTTPS',
          protocol: 'Open Inference Protocol v2, REST and gRPC over TLS',
          address: `https://${props.host}`,
          usedBy: props.from.flatMap(peerNames),
        },
        {
          of: at,
          name: 'contract',
          protocol: 'OpenAPI 3.1',
          address: `https://${props.host}${contractPath}`,
          usedBy: props.from.flatMap(peerNames),
        },
        ...behind.flatMap((one) =>
          ['REST', 'gRPC'].map((name) => ({
            of: `${site.node.path}/${one.name}`,
            name,
            protocol: '',
            address: '',
            usedBy: [at],
          })),
        ),
      ],
      controls: controls(gateway),
      uncontrolled: [
        {
          owner: at,
          what: say`Whom the issuers ${list(props.issuers.map(({ issuer }) => issuer))} give tokens to, and how long those last`,
          instead: say`Review the issuers' own rules for the audiences ${list(props.issuers.flatMap(({ audiences }) => audiences))}`,
        },
      ],
    },
    runbooks(gateway),
  ]);
}

function controls(gateway: LoweredGateway): readonly Control[] {
  const { at, name, site, props, behind } = gateway;
  const objectNamed = (kind: string, wanted = name): readonly ManifestEvidence[] =>
    objectsBelow(site.node.tryFindChild(name), kind)
      .filter((object) => object.name === wanted)
      .map((object) => ({ object }));
  const listener = (field: string, equals: string): readonly ManifestEvidence[] =>
    objectNamed('Gateway').map(({ object }) => ({
      object,
      field: `/spec/servers/*/tls/${field}`,
      equals,
    }));
  const limited = behind.flatMap((one) => one.rules.filter(({ limit }) => limit));
  return [
    {
      owner: at,
      what: say`Callers of ${props.host} speak TLS ${props.tls.minVersion} or later${props.tls.clientCertificates ? say`, and show a certificate` : []}`,
      at: 'gateway' as const,
      evidence: [
        ...listener('minProtocolVersion', `TLSV${props.tls.minVersion.replace('.', '_')}`),
        ...(props.tls.clientCertificates ? listener('mode', 'MUTUAL') : []),
      ],
    },
    {
      owner: at,
      what: say`A token is from ${list(props.issuers.map(({ issuer }) => issuer))}, for ${list(props.issuers.flatMap(({ audiences }) => audiences))}, or it is refused with ${refusals.invalidToken.status}`,
      at: 'gateway' as const,
      evidence: objectNamed('RequestAuthentication'),
    },
    ...behind.flatMap((one) =>
      one.rules.map((rule) => ({
        owner: at,
        what: say`${callersOf(rule.callers)} may ${list(rule.verbs ?? ['read', 'infer'])} ${one.name}${versionsOf(rule)}; everybody else is refused with ${refusals.forbidden.status}`,
        at: 'gateway' as const,
        evidence: objectNamed('AuthorizationPolicy'),
      })),
    ),
    ...behind.map((one) => ({
      owner: at,
      what: say`The mesh lets ${name} in to ${one.name}`,
      at: 'mesh' as const,
      evidence: objectNamed('AuthorizationPolicy', `${name}-to-${one.name}`),
    })),
    ...behind.map((one) => ({
      owner: at,
      what: say`A policy of its own lets ${name} in to ${one.name}`,
      at: 'network' as const,
      evidence: objectNamed('NetworkPolicy', `${name}-to-${one.name}`),
    })),
    {
      owner: at,
      what: say`${name} is reached by ${list(props.from.flatMap(peerNames))}`,
      at: 'network' as const,
      evidence: objectNamed('NetworkPolicy'),
    },
    ...(limited.length === 0
      ? []
      : [
          {
            owner: at,
            what: say`Each caller has limits of their own: ${joined(limited.map(limitOf), '; ')}. Beyond them the answer is ${refusals.tooMany.status}`,
            at: 'gateway' as const,
            evidence: objectNamed('EnvoyFilter', name),
          },
        ]),
  ].filter(({ evidence }) => evidence.length > 0);
}

function callersOf({ identity }: Callers): Text {
  const { subjects, claim } = identity;
  if (subjects.length > 0) return say`Subjects ${list(subjects)}`;
  return claim === undefined
    ? say`Whoever has a token`
    : say`Callers with ${claim.name} ${list(claim.values)}`;
}

function versionsOf({ versions }: GatewayAccess<Place>): Text {
  return versions === undefined ? [] : say`, versions ${list(versions.map(String))} alone`;
}

function limitOf({ endpoint, callers, limit }: GatewayAccess<Place>): Text {
  return say`${callersOf(callers)} ask ${endpoint.name} ${limit?.requestsPerSecond ?? 0} times a second on each pod`;
}

function runbooks({ at, name, site, props, podLabels }: LoweredGateway): DossierPart {
  const pods = Object.entries(podLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const certificate = objectsBelow(site.node.tryFindChild(name), 'Certificate');
  return {
    runbooks: [
      {
        practice: 'incident',
        title: `Callers of ${props.host} are refused`,
        when: say`An answer has a code of ${at} itself`,
        steps: [
          {
            does: say`Read the code of the answer: ${joined(
              Object.values(refusals).map(({ status, code }) => say`${code} (${status})`),
            )}`,
            commands: [
              shell(
                'curl',
                '-i',
                '-H',
                'Authorization: Bearer TOKEN',
                `https://${props.host}${contractPath}`,
              ),
            ],
          },
          {
            does: say`See who was refused, in the access log. It holds no personal data`,
            commands: [kubectl(site, 'logs', '-l', pods, '--since=1h', '--tail=-1', '--prefix')],
          },
          {
            does: say`See what the mesh says of the rules that it was given`,
            commands: [
              shell('istioctl', '--context', site.node.id, 'analyze', '-n', site.namespaceName),
            ],
          },
        ],
      },
      ...(certificate.length === 0
        ? []
        : [
            {
              practice: 'incident' as const,
              title: `The certificate of ${props.host} is out of date`,
              when: say`Callers are told that the certificate is not valid`,
              steps: [
                {
                  does: say`See what cert-manager says of it`,
                  commands: certificate.map((object) =>
                    kubectl(site, 'describe', 'certificate', object.name),
                  ),
                },
              ],
            },
          ]),
    ],
  };
}
