/** What a setting may be. Each example is one that documentation may use: nobody's own. */
export interface Form {
  /** In words, with the article. */
  readonly title: string;
  readonly matches: RegExp;
  readonly example: string;
}

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const ipv4 = String.raw`${octet}(?:\.${octet}){3}`;

/** Forms of the bank's settings. Whether a range fits beside another is for the components to say. */
export const forms = {
  context: { title: 'a context of the kubeconfig', matches: /\S/, example: 'aws-me-central-1' },
  bucket: {
    title: 'the address of a bucket of S3',
    matches: /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    example: 's3://bank-models-me-central-1',
  },
  role: {
    title: 'the ARN of an IAM role',
    matches: /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    example: 'arn:aws:iam::111122223333:role/bank-deployer',
  },
  awsRegistry: {
    title: 'a registry in ECR, host and path',
    matches: /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/[a-z0-9._/-]+$/,
    example: '111122223333.dkr.ecr.me-central-1.amazonaws.com/serving',
  },
  azureRegistry: {
    title: 'a container registry of Azure, host and path',
    matches: /^[a-z0-9]{5,50}\.azurecr\.io\/[a-z0-9._/-]+$/,
    example: 'bankserving.azurecr.io/serving',
  },
  kubernetesVersion: {
    title: 'a minor version of Kubernetes that EKS and AKS have',
    matches: /^1\.\d{2}$/,
    example: '1.34',
  },
  account: {
    title: 'the 12 digits of an account of AWS',
    matches: /^\d{12}$/,
    example: '111122223333',
  },
  unit: {
    title: 'the id of an organizational unit or account',
    matches: /^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|\d{12})$/,
    example: 'ou-ab12-serving1',
  },
  range: {
    title: 'a range of IPv4 addresses',
    matches: new RegExp(String.raw`^${ipv4}/(?:3[0-2]|[12]?\d)$`),
    example: '10.20.0.0/16',
  },
  address: {
    title: 'an IPv4 address',
    matches: new RegExp(`^${ipv4}$`),
    example: '203.0.113.10',
  },
  hostedZone: {
    title: 'the id of a public hosted zone in Route 53',
    matches: /^Z[A-Z0-9]{1,31}$/,
    example: 'Z0123456789ABCDEFGHIJ',
  },
  domain: {
    title: 'a name in that zone',
    matches: /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    example: 'fraud.bank.example',
  },
  alarm: { title: 'the name of a CloudWatch alarm', matches: /\S/, example: 'fraud-answers' },
  guid: {
    title: 'an id of Azure',
    matches: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    example: '00000000-0000-4000-8000-000000000001',
  },
  resourceGroup: {
    title: 'the name of a resource group',
    matches: /^[\w().-]{0,89}[\w()-]$/,
    example: 'bank-serving',
  },
  label: {
    title: 'the first part of a name under trafficmanager.net',
    matches: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    example: 'bank-documents',
  },
} satisfies Readonly<Record<string, Form>>;
