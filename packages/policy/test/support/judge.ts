import assert from 'node:assert/strict';
import * as pulumiPolicy from '@pulumi/policy';
import type { PolicyResource, ResourceValidationArgs } from '@pulumi/policy';
import { type BoundaryProps, DataClass, Jurisdiction, residencyPolicies } from '../../src';

/** What a policy said of a resource. */
export interface Report {
  readonly policy: string;
  readonly level: string | undefined;
  readonly message: string;
}

export const uae: BoundaryProps = {
  zone: {
    jurisdiction: Jurisdiction.AE_ONSHORE,
    places: ['aws:me-central-1', 'azure:uaenorth'],
    data: [DataClass.PERSONAL],
  },
  located: { 'kubernetes:dubai': 'aws:me-central-1', 'bank.azurecr.io': 'azure:uaenorth' },
};

/** A resource as a program writes it; its provider's own inputs are `providerProps`. */
export interface Declared {
  readonly type: string;
  readonly props?: Readonly<Record<string, unknown>>;
  readonly providerName?: string;
  readonly providerProps?: Readonly<Record<string, unknown>>;
}

export const inUae = { region: 'me-central-1' };

/** A resource of AWS whose provider is in the UAE. */
export function awsResource(type: string, props: Declared['props'] = {}): Declared {
  return { type, props, providerProps: inUae };
}

/** A resource of Azure in the UAE. */
export function azureResource(type: string, props: Declared['props'] = {}): Declared {
  return { type, props: { location: 'uaenorth', ...props } };
}

/** An object in the cluster that the pack knows to be in the UAE. */
export function kubernetesObject(type: string, props: Declared['props'] = {}): Declared {
  return { type, props, providerName: 'dubai' };
}

/** Everything that the pack's policies say of a resource, one at a time as Pulumi asks them. */
export async function judge(resource: Declared, pack = uae): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const policy of residencyPolicies('uae', pack)) {
    if (!('validateResource' in policy)) continue;
    const validate = policy.validateResource;
    assert.ok(typeof validate === 'function');
    await validate(argsOf(resource), (message) => {
      reports.push({ policy: policy.name, level: policy.enforcementLevel, message });
    });
  }
  return reports;
}

/** Asserts that a mandatory policy refuses a resource, and says this. */
export async function refused(
  policy: string,
  resource: Declared,
  says: RegExp,
  pack = uae,
): Promise<void> {
  const messages = (await judge(resource, pack)).filter((r) => r.policy === policy);
  assert.ok(messages.length > 0, `${policy} said nothing`);
  assert.match(messages.map(({ message }) => message).join('\n'), says);
  for (const { level, message } of messages) {
    assert.equal(level, 'mandatory');
    assert.match(message, /\nfix: .+/);
    assert.match(message, /\nsource: .+read (\d{4}-\d{2}-\d{2}|at each audit)\)/);
  }
}

/** Asserts that no policy has anything to say, be it advice. */
export async function passes(resource: Declared, pack = uae): Promise<void> {
  assert.deepEqual(await judge(resource, pack), []);
}

export function argsOf({
  type,
  props = {},
  providerName = 'default_1_0_0',
  providerProps = {},
}: Declared): ResourceValidationArgs {
  const pkg = type.split(':', 1)[0] ?? '';
  return {
    type,
    props: checking(props),
    urn: `urn:pulumi:dev::bank::${type}::it`,
    name: 'it',
    opts,
    provider: {
      type: `pulumi:providers:${pkg}`,
      props: checking(providerProps),
      urn: `urn:pulumi:dev::bank::pulumi:providers:${pkg}::${providerName}`,
      name: providerName,
    },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: () => ({}) as never,
    notApplicable: () => {
      throw new Error('not applicable');
    },
  };
}

/** A resource as Pulumi shows it to a policy over the whole stack. */
export function inStack(
  resource: Declared,
  dependencies: Readonly<Record<string, PolicyResource[]>> = {},
): PolicyResource {
  return {
    ...argsOf(resource),
    dependencies: Object.values(dependencies).flat(),
    propertyDependencies: { ...dependencies },
  };
}

/** What a policy over the whole stack says of it. */
export async function judgeStack(
  name: string,
  resources: PolicyResource[],
  pack = uae,
): Promise<readonly string[]> {
  const policy = residencyPolicies('uae', pack).find((one) => one.name === name);
  assert.ok(policy !== undefined && 'validateStack' in policy);
  const messages: string[] = [];
  const args = {
    resources,
    getConfig: () => ({}) as never,
    stackTags: new Map<string, string>(),
    notApplicable: () => {
      throw new Error('not applicable');
    },
  };
  await policy.validateStack(args, (message) => messages.push(message));
  return messages;
}

const opts = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
};

/** What Pulumi sends in a preview for a text that is not known yet. */
export const unknownText = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Left out of the types of `@pulumi/policy`, which keep it to themselves. */
const { unknownCheckingProxy } = pulumiPolicy as unknown as {
  readonly unknownCheckingProxy: (props: Record<string, unknown>) => Record<string, unknown>;
};

/** Inputs as Pulumi hands them over: touching one that is not known throws. */
function checking(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return unknownCheckingProxy({ ...props });
}
