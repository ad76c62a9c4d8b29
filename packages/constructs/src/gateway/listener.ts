import type { IGateway } from '@kubernetes-models/istio/networking.istio.io/v1';
import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { apiVersions } from './api-versions';
import { cipherSuites } from './gateway-tls';
import { hostsOf, type LoweredGateway } from './lowered-gateway';

type Tls = NonNullable<NonNullable<NonNullable<IGateway['spec']>['servers']>[number]['tls']>;

/** What listens, for which hosts, with which certificate. Nothing listens without TLS. */
export function addListener(scope: Construct, gateway: LoweredGateway): void {
  const { name, labels, podLabels } = gateway;
  const spec: IGateway['spec'] = {
    selector: { ...podLabels },
    servers: [
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: [...hostsOf(gateway)],
        tls: tlsOf(gateway),
      },
    ],
  };
  new ApiObject(scope, 'listener', {
    apiVersion: apiVersions.networking,
    kind: 'Gateway',
    metadata: { name, labels: { ...labels } },
    spec,
  });
  addCertificate(scope, gateway);
}

function tlsOf({ name, props: { tls } }: LoweredGateway): Tls {
  const isOld = tls.minVersion === '1.2';
  return {
    mode: tls.clientCertificates ? 'MUTUAL' : 'SIMPLE',
    credentialName: tls.secretName ?? certificateSecret(name),
    minProtocolVersion: isOld ? 'TLSV1_2' : 'TLSV1_3',
    // Those of TLS 1.3 cannot be chosen, and need not be.
    ...(isOld ? { cipherSuites: [...cipherSuites] } : {}),
  };
}

function certificateSecret(name: string): string {
  return `${name}-tls`;
}

function addCertificate(scope: Construct, gateway: LoweredGateway): void {
  const { name, labels, props } = gateway;
  const { issuer } = props.tls;
  if (issuer === undefined) return;
  const spec: ICertificate['spec'] = {
    secretName: certificateSecret(name),
    dnsNames: [...hostsOf(gateway)],
    issuerRef: { group: 'cert-manager.io', kind: issuer.kind, name: issuer.name },
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    usages: ['digital signature', 'server auth'],
  };
  new ApiObject(scope, 'certificate', {
    apiVersion: apiVersions.certificate,
    kind: 'Certificate',
    metadata: { name, labels: { ...labels } },
    spec,
  });
}
