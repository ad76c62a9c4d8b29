import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeServerCertificate } from '../../bed/certificates';
import type { KubernetesDocument } from '../../support/documents';
import { eventually } from '../../support/eventually';
import type { Mesh } from '../mesh';
import { hosts } from './bank';
import { withoutSidecars } from '../without-sidecars';
import { Caller } from './caller';

/** A gateway of ours whose pod Envoy plays, with a certificate and a caller. */
export class GatewayUnderTest {
  readonly caller: Caller;

  private constructor(
    /** Of its pod. */
    readonly ip: string,
    /** Its own authority, PEM. */
    readonly certificate: string,
  ) {
    this.caller = new Caller(ip, certificate);
  }

  /** Applies a site's documents into a namespace of its own, and waits for the gateway's pod. */
  static async start(
    mesh: Mesh,
    namespace: string,
    documents: readonly KubernetesDocument[],
  ): Promise<GatewayUnderTest> {
    await mesh.namespace(namespace);
    const [secret, certificate] = certificateSecret();
    // An autoscaler would want more gateways, and all would listen on the one address that is named below.
    const kept = documents
      .filter(({ kind }) => kind !== 'HorizontalPodAutoscaler')
      .map(withoutSidecars);
    const isListener = ({ kind }: KubernetesDocument): boolean => kind === 'Gateway';
    await mesh.apply([secret, ...kept.filter((one) => !isListener(one))], { namespace });
    const labels = { 'app.kubernetes.io/component': 'gateway' };
    const pod = await eventually('a gateway', () => mesh.readyPods(namespace, labels)[0]);
    const ip = pod.status?.podIP ?? '';
    await mesh.apply(
      kept.filter(isListener).map((one) => bound(one, ip)),
      { namespace },
    );
    return new GatewayUnderTest(ip, certificate);
  }

  close(): void {
    this.caller.close();
  }
}

function certificateSecret(): readonly [KubernetesDocument, string] {
  const folder = mkdtempSync(join(tmpdir(), 'manara-gateway-'));
  try {
    const pair = makeServerCertificate(folder, hosts.all, `*.${hosts.all}`);
    const certificate = readFileSync(pair.certificate, 'utf8');
    const key = readFileSync(pair.key, 'utf8');
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'api-certificate' },
      stringData: { 'tls.crt': certificate, 'tls.key': key },
    };
    return [secret, certificate];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** On the pod's own address: all proxies of the bed share one network. */
function bound(listener: KubernetesDocument, bind: string): KubernetesDocument {
  const spec = listener.spec as { readonly servers: readonly object[] };
  const servers = spec.servers.map((server) => ({ ...server, bind }));
  return { ...listener, spec: { ...spec, servers } };
}
