import { CustomResource } from '@pulumi/kubernetes/apiextensions';
import { Provider } from '@pulumi/kubernetes/provider';
import { Config } from '@pulumi/pulumi';
import { type Described, secretMark } from './described';

/** Registers the objects that the configuration describes. */
const config = new Config();
const provider = new Provider('cluster');

for (const { manifest, options } of config.requireObject<readonly Described[]>('objects')) {
  const { apiVersion, kind, metadata, ...rest } = manifest;
  const fields = withSecret(rest) as Readonly<Record<string, unknown>>;
  new CustomResource(
    metadata.name,
    { ...fields, apiVersion, kind, metadata },
    { ...options, provider },
  );
}

function withSecret(value: unknown): unknown {
  if (value === secretMark) return config.requireSecret('password');
  if (Array.isArray(value)) return value.map(withSecret);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecret(item)]));
}
