import { ApiObject, type ApiObjectProps, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/**
 * A Deployment whose pods run where `placement` says. It is made from its manifest: the classes of one
 * Kubernetes release drop what a later one has, such as claims of devices.
 *
 * @param placement parts of a pod's spec, as they stand in YAML
 */
export function addPlacedDeployment(
  scope: Construct,
  props: k8s.KubeDeploymentProps,
  placement: Readonly<Record<string, unknown>>,
): ApiObject {
  const manifest = k8s.KubeDeployment.manifest(props) as ApiObjectProps;
  const deployment = new ApiObject(scope, 'deployment', manifest);
  deployment.addJsonPatch(
    ...Object.entries(placement).map(([field, value]) =>
      JsonPatch.add(`/spec/template/spec/${field}`, value),
    ),
  );
  return deployment;
}
