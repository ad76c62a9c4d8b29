import { generateKeyPairSync } from 'node:crypto';
import { App } from 'cdk8s';
import {
  Callers,
  GatewayTls,
  InferenceGateway,
  type InferenceGatewayProps,
  ModelArtifact,
  type ModelEndpoint,
  ModelVersion,
  Peer,
  ServiceMesh,
  type Site,
  TokenIssuer,
} from '../../src';
import {
  claim,
  fraudFile,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
} from '../support/fixtures';

const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });

/** A key set of an issuer whose private key nobody has. */
export const keys = JSON.stringify({ keys: [{ ...jwk, kid: '1', alg: 'RS256' }] });

export const issuer = new TokenIssuer<UaePlace>({
  issuer: 'https://login.bank.example',
  audiences: ['models'],
  keys,
});

/** A site with a mesh and endpoint `fraud` of two versions. */
export interface Behind {
  readonly app: App;
  readonly site: Site<UaePlace>;
  readonly fraud: ModelEndpoint<UaePlace>;
}

export function newBehind(): Behind {
  const app = new App();
  const site = newSite(newZone(app), 'dubai', { mesh: ServiceMesh.istio() });
  const version = (number: 1 | 2) =>
    new ModelVersion(
      number,
      new ModelArtifact<UaePlace>({
        bucket: claim,
        key: `fraud/${number}/model.onnx`,
        file: fraudFile(number),
      }),
    );
  return { app, site, fraud: newEndpoint(site, { versions: [version(1), version(2)] }) };
}

export function gatewayProps(
  { fraud }: Behind,
  props: Partial<InferenceGatewayProps<UaePlace>> = {},
): InferenceGatewayProps<UaePlace> {
  return {
    host: 'api.bank.example',
    tls: GatewayTls.certManager({ name: 'bank-ca' }),
    issuers: [issuer],
    access: [{ endpoint: fraud, callers: Callers.scope('fraud.infer') }],
    from: [Peer.addresses('10.0.0.0/16')],
    proxy: { name: 'istio/proxyv2', tag: '1.31.0' },
    ...props,
  };
}

export function newGateway(
  behind: Behind,
  props: Partial<InferenceGatewayProps<UaePlace>> = {},
): InferenceGateway<UaePlace> {
  return new InferenceGateway<UaePlace>(behind.site, 'api', gatewayProps(behind, props));
}
