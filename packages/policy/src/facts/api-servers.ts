import { regionOfHost, type Source } from '@manara/residency';

/** IPv4 clusters; those of IPv6 are at `api.aws`, which is among the forms of `@manara/residency`. */
const eks = /\.(?<region>[a-z]{2,4}(?:-[a-z]+)+-\d)\.eks\.amazonaws\.com$/;

export const apiServersSource: Source = {
  title: 'Amazon EKS, Cluster API server endpoint: eks-cluster.region.eks.amazonaws.com',
  where: 'docs.aws.amazon.com',
  standing: 'primary',
  read: '2026-11-22',
};

/** The place that the host of a cluster's API server names; no form is known of AKS. */
export function placeOfApiServer(host: string): string | undefined {
  const region = eks.exec(host)?.groups?.region;
  return region === undefined ? regionOfHost(host)?.place : `aws:${region}`;
}
