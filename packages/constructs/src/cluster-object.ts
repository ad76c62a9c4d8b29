import { ApiObject, type ApiObjectMetadata, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';

/** A document of a kind that a whole cluster has. */
export interface ClusterDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: ApiObjectMetadata;
  readonly spec: object;
}

/** An object of the whole cluster in a site's chart, which would put it into its namespace. */
export function clusterObject(scope: Construct, id: string, document: ClusterDocument): ApiObject {
  return inNoNamespace(new ApiObject(scope, id, { ...document }));
}

/** The chart puts every object into its namespace, and what the whole cluster has is in none. */
export function inNoNamespace(object: ApiObject): ApiObject {
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}
