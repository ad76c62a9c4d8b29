/** What cert-manager signs certificates with. */
export interface CertificateIssuer {
  readonly name: string;
  /**
   * Whether it serves one namespace, which must be the site's, or the cluster.
   * @default 'ClusterIssuer'
   */
  readonly kind?: 'ClusterIssuer' | 'Issuer';
}
