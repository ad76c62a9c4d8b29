import { App } from 'cdk8s';
import {
  type ModelEndpointProps,
  ModelVersion,
  ServiceMesh,
  type Site,
  type SiteProps,
} from '../../src';
import {
  bucket,
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
} from '../support/fixtures';
import { at, documentOf, documents, type Document } from '../support/manifests';

/** A site whose pods are in a mesh, and the app that it is synthesized with. */
export function newMeshSite(props: Partial<SiteProps<UaePlace>> = {}): {
  readonly app: App;
  readonly site: Site<UaePlace>;
} {
  const app = new App();
  return { app, site: newSite(newZone(app), 'dubai', { mesh: ServiceMesh.istio(), ...props }) };
}

/** Versions 1 and 2, read from `s3://bank-models`. */
export const versions: ModelEndpointProps<UaePlace>['versions'] = [
  new ModelVersion(1, newArtifact({ bucket })),
  new ModelVersion(2, newArtifact({ bucket, key: 'fraud/2/model.onnx' })),
];

/** The `spec` of an object of an endpoint `fraud` in a mesh. */
export function specOf(
  kind: string,
  name: string,
  props: Partial<ModelEndpointProps<UaePlace>> = {},
  site: Partial<SiteProps<UaePlace>> = {},
): unknown {
  const mesh = newMeshSite(site);
  newEndpoint(mesh.site, props);
  return at(documentOf(mesh.app, kind, name), 'spec');
}

/** Documents of a kind. */
export function ofKind(app: App, kind: string): readonly Document[] {
  return documents(app).filter((d) => d.kind === kind);
}
