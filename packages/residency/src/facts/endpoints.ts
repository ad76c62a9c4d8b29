import type { Source } from '../source';
import { ociRegionKeys } from './oci-region-keys';
import type { Cloud } from './places';

/** A form of host name that gives away the region it stands for. */
export interface EndpointForm {
  readonly cloud: Cloud;
  /** The form as people write it, for messages and documents. */
  readonly form: string;
  /** Matches a host in lower case; the group `region` is the region. */
  readonly host: RegExp;
  /** Region for what the group holds. @default - the group is the region */
  readonly regionOf?: (group: string) => string | undefined;
  readonly source: Source;
}

const read = '2026-11-22';
const awsRegion = '(?<region>[a-z]{2,4}(?:-[a-z]+)+-\\d)';

/**
 * Host forms that name their region. Left out are those that do not, such as `<name>.azurecr.io` and
 * `<name>.blob.core.windows.net`: nothing can be read off them.
 */
export const endpointForms: readonly EndpointForm[] = [
  {
    cloud: 'aws',
    form: '<service>.<region>.amazonaws.com, <bucket>.s3.<region>.amazonaws.com, <account>.dkr.ecr.<region>.amazonaws.com, <endpoint>.<service>.<region>.vpce.amazonaws.com',
    host: new RegExp(`(?:^|\\.)${awsRegion}\\.(?:vpce\\.)?amazonaws\\.(?:com|com\\.cn|eu)$`),
    source: {
      title: 'botocore 1.44.5, data/endpoints.json; Amazon S3, Making requests; ECR, Registries',
      where: 'botocore on PyPI; docs.aws.amazon.com',
      standing: 'primary',
      read,
    },
  },
  {
    cloud: 'aws',
    form: '<service>.<region>.api.aws, <account>.dkr-ecr.<region>.on.aws',
    host: new RegExp(`(?:^|\\.)${awsRegion}\\.(?:api|on)\\.aws$`),
    source: {
      title: 'Making requests to Amazon ECR registries: dual-stack endpoints',
      where: 'docs.aws.amazon.com',
      standing: 'primary',
      read,
    },
  },
  {
    cloud: 'aws',
    form: 's3-<region>.amazonaws.com, <bucket>.s3-<region>.amazonaws.com',
    host: new RegExp(`(?:^|\\.)s3-${awsRegion}\\.amazonaws\\.com$`),
    source: {
      title: 'Data Online Migration: S3 regions and endpoints (updated 2025-10-29)',
      where: 'alibabacloud.com',
      standing: 'secondary',
      read,
    },
  },
  {
    cloud: 'aws',
    form: '<cluster>.<region>.eks.amazonaws.com',
    host: new RegExp(`\\.${awsRegion}\\.eks\\.amazonaws\\.com$`),
    source: {
      title: 'Amazon EKS, Cluster API server endpoint: eks-cluster.region.eks.amazonaws.com',
      where: 'docs.aws.amazon.com',
      standing: 'primary',
      read,
    },
  },
  {
    cloud: 'azure',
    form: '<cluster>.hcp.<region>.azmk8s.io, <cluster>.privatelink.<region>.azmk8s.io, <cluster>.private.<region>.azmk8s.io',
    host: /\.(?:hcp|private|privatelink)\.(?<region>[a-z0-9]+)\.azmk8s\.io$/,
    source: {
      title:
        'Azure Kubernetes Service, Outbound network and FQDN rules; Create a private cluster: Configure a private DNS zone',
      where: 'MicrosoftDocs/azure-aks-docs on GitHub, articles/aks',
      standing: 'primary',
      read,
    },
  },
  {
    cloud: 'azure',
    form: '<name>.<region>.cloudapp.azure.com',
    host: /\.(?<region>[a-z0-9]+)\.cloudapp\.azure\.com$/,
    source: {
      title: 'Form of the DNS names of public addresses in Azure',
      where: 'whatanswers.com, What is FQDN in Azure',
      standing: 'secondary',
      read,
    },
  },
  {
    cloud: 'azure',
    form: '<registry>.<region>.data.azurecr.io, <registry>.<region>.geo.azurecr.io',
    host: /\.(?<region>[a-z0-9]+)\.(?:data|geo)\.azurecr\.io$/,
    source: {
      title: 'Dedicated data endpoints in Azure Container Registry',
      where: 'learn.microsoft.com',
      standing: 'primary',
      read,
    },
  },
  {
    cloud: 'gcp',
    form: '<region>-docker.pkg.dev',
    host: /^(?<region>[a-z]+-[a-z]+\d+)-docker\.pkg\.dev$/,
    source: {
      title: 'cosign, README: LOCATION-docker.pkg.dev for Artifact Registry',
      where: 'sigstore/cosign on GitHub',
      standing: 'secondary',
      read,
    },
  },
  {
    cloud: 'oci',
    form: '<region>.ocir.io, artifacts.<region>.oci.oraclecloud.com, objectstorage.<region>.oraclecloud.com',
    host: /(?:^|\.)(?<region>[a-z]+-[a-z]+-\d)\.(?:ocir\.io|(?:oci\.)?oraclecloud\.com)$/,
    source: {
      title: 'OCI, Preparing for Container Registry; Understanding Object Bucket URL Format',
      where: 'docs.oracle.com',
      standing: 'primary',
      read,
    },
  },
  {
    cloud: 'oci',
    form: '<key>.ocir.io',
    host: /^(?<region>[a-z]{3})\.ocir\.io$/,
    regionOf: (key) => ociRegionKeys[key],
    source: {
      title: 'OCI, Preparing for Container Registry; oci 2.189.0, regions_definitions.py',
      where: 'docs.oracle.com; oci on PyPI',
      standing: 'primary',
      read,
    },
  },
  {
    cloud: 'alibaba',
    form: '<service>.<region>.aliyuncs.com',
    host: /\.(?<region>[a-z]{2}-[a-z]+(?:-\d)?)\.aliyuncs\.com$/,
    source: {
      title: 'Elastic Compute Service, Endpoints (updated 2026-01-12)',
      where: 'alibabacloud.com',
      standing: 'primary',
      read,
    },
  },
];

/** What an address gives away of its region. */
export interface RevealedRegion {
  /** `<cloud>:<region>`; a new region may not be in the table of places yet. */
  readonly place: string;
  readonly form: EndpointForm;
}

/** The region that a host names, or `undefined` where it names none. */
export function regionOfHost(host: string): RevealedRegion | undefined {
  for (const form of endpointForms) {
    const group = form.host.exec(host)?.groups?.region;
    if (group === undefined) continue;
    const region = form.regionOf === undefined ? group : form.regionOf(group);
    if (region !== undefined) return { place: `${form.cloud}:${region}`, form };
  }
  return undefined;
}
