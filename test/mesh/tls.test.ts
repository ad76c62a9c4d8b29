import assert from 'node:assert/strict';
import { TestAuthority } from '@manara/runtime/build/test/support/certificates';
import { rootNamespace } from '../bed/istio/istiod';
import { eventually } from '../support/eventually';
import { echoDeployment, echoService, routeTo } from './echo-documents';
import { useMesh } from './use-mesh';

/** istiod gives the gateway what a Gateway's `credentialName` says, and the gateway shows it. */
describe('TLS at the gateway of the test bed', function () {
  this.timeout(60_000);
  const mesh = useMesh(this);
  const [namespace, host] = ['bed-tls', 'tls.bed.test'];
  let ca: string;

  before(async () => {
    const authority = await TestAuthority.create();
    ca = authority.cert;
    const { cert, key } = await authority.issue({ dns: [host] });
    const metadata = { name: namespace, namespace: rootNamespace };
    await mesh().namespace(namespace);
    await mesh().apply(
      [
        {
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/tls',
          metadata,
          stringData: { 'tls.crt': cert, 'tls.key': key },
        },
        echoDeployment({ version: '1' }),
        echoService(),
        tlsGateway,
        routeTo(host),
      ],
      { namespace },
    );
    await eventually('an answer', () => mesh().gateway.ask({ host, tls: { ca } }));
  });

  it('shows the certificate of a Secret', async () => {
    const ask = (): Promise<boolean> =>
      mesh()
        .gateway.ask({ host, tls: { ca } })
        .then(({ status }) => status === 200);
    assert.ok(await eventually('status 200', ask));
    const stranger = (await TestAuthority.create()).cert;
    await assert.rejects(mesh().gateway.ask({ host, tls: { ca: stranger } }), /certificate/);
  });

  it('refuses a version of TLS below the lowest', async () => {
    const tls = { ca, maxVersion: 'TLSv1.2' } as const;
    await assert.rejects(mesh().gateway.ask({ host, tls }), /protocol version/);
  });

  const tlsGateway = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          hosts: [host],
          tls: { mode: 'SIMPLE', credentialName: namespace, minProtocolVersion: 'TLSV1_3' },
        },
      ],
    },
  };
});
