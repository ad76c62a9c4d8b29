import type { ResourceValidationArgs } from '@pulumi/policy';

/** A resource as Pulumi is about to make it, whichever package and version describes it. */
export interface Resource {
  /** `aws`, `azure-native`, `kubernetes` …, without the version that some packages carry in their name. */
  readonly package: string;
  /** Part of the cloud that it belongs to: `s3`, `containerservice`, `apps`. */
  readonly service: string;
  /** `<package>:<service>:<kind>`, without version: `aws:s3:Bucket`, `kubernetes:apps:Deployment`. */
  readonly type: string;
  /** The type as Pulumi writes it: `aws:s3/bucket:Bucket`. */
  readonly token: string;
  readonly name: string;
  /** Inputs, after the provider filled in its defaults. Touching a value that is not known yet throws. */
  readonly props: Readonly<Record<string, unknown>>;
  /** Left out for what no cloud makes: components, stacks and providers themselves. */
  readonly provider?: {
    readonly name: string;
    readonly props: Readonly<Record<string, unknown>>;
  };
}

/** The parts of a Pulumi resource that are read, of `Analyze` and of `AnalyzeStack` alike. */
type ResourceArgs = Pick<ResourceValidationArgs, 'type' | 'name' | 'props' | 'provider'>;

export function resourceOf({ type, name, props, provider }: ResourceArgs): Resource {
  const [pkg = '', module = '', kind = ''] = type.split(':');
  // `storage/v20230101` and the package `azure-native_storage_v20230101` say the version, `s3/bucket` the file.
  const service = module.split('/', 1)[0] ?? '';
  const unversioned = pkg.split('_', 1)[0] ?? '';
  return {
    package: unversioned,
    service,
    type: `${unversioned}:${service}:${kind}`,
    token: type,
    name,
    props,
    ...(provider === undefined ? {} : { provider: { name: provider.name, props: provider.props } }),
  };
}
