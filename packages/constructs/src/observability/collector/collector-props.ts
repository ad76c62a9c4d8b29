import type { CertificateIssuer } from '../../certificate-issuer';
import type { Size } from 'cdk8s';
import { size } from '../../props/kinds';
import { either, kind, optional, record, text } from '../../props/props';

export interface CollectorProps {
  /** Signs the certificate by which servers know the collector; one of the cluster's own authority. */
  readonly issuer: CertificateIssuer;
  /**
   * Volume of each of its pods that keeps what a sink which is away did not take yet.
   * @default Size.gibibytes(2)
   */
  readonly queue?: Size;
  /**
   * Class of that volume; one that encrypts, as spans lie on it.
   * @default - the cluster's own default
   */
  readonly storageClass?: string;
}

const issuerKind = either(
  kind("'ClusterIssuer'", (value) => value === 'ClusterIssuer'),
  kind("'Issuer'", (value) => value === 'Issuer'),
);

export const collectorKind = record({
  issuer: record({ name: text, kind: optional(issuerKind) }),
  queue: optional(size),
  storageClass: optional(text),
});
