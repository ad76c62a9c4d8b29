import type { PolicyRule } from '../policy-rule';
import { aksApiServerIsPrivate } from './aks-api-server-is-private';
import { bucketIsNotPublic } from './bucket-is-not-public';
import { databaseIsNotPublic } from './database-is-not-public';
import { egressIsRestricted } from './egress-is-restricted';
import { eksEndpointIsPrivate } from './eks-endpoint-is-private';
import { inferenceStaysInRegion } from './inference-stays-in-region';
import { kmsKeyIsSingleRegion } from './kms-key-is-single-region';
import { loadBalancerIsInternal } from './load-balancer-is-internal';
import { publicNetworkAccessIsOff } from './public-network-access-is-off';
import { serviceHasAPlace } from './service-has-a-place';
import { storageAccountIsNotPublic } from './storage-account-is-not-public';
import { templateIsReadable } from './template-is-readable';

/** Every rule on a cloud's own settings, beside the residency rules that judge flows. */
export const policyRules: readonly PolicyRule[] = [
  serviceHasAPlace,
  templateIsReadable,
  inferenceStaysInRegion,
  kmsKeyIsSingleRegion,
  eksEndpointIsPrivate,
  aksApiServerIsPrivate,
  bucketIsNotPublic,
  storageAccountIsNotPublic,
  publicNetworkAccessIsOff,
  databaseIsNotPublic,
  loadBalancerIsInternal,
  egressIsRestricted,
];
