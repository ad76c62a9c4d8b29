import * as pulumi from '@pulumi/pulumi';
import type { MockMonitor } from '@pulumi/pulumi/runtime/mocks';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';

/** What a program asked Pulumi's engine to register. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** The inputs as they would reach the provider. Those that are secret stand as `{ secret }`. */
  readonly inputs: Inputs;
  /** Name of the parent; empty for the stack. */
  readonly parent: string;
  /** Name of the provider; empty for Pulumi's own choice. */
  readonly provider: string;
  /** Names of what it waits for, sorted. */
  readonly dependsOn: readonly string[];
  /** Fields whose changes an update leaves alone. */
  readonly ignoreChanges: readonly string[];
}

export type Inputs = Readonly<Record<string, unknown>>;

/** What a provider would answer. */
export interface Answers {
  /** Properties that a resource has besides its inputs. @default - none */
  readonly outputs?: (type: string, name: string) => Inputs;
  /** Results of functions, by token. @default - nothing */
  readonly calls?: Readonly<Record<string, Inputs>>;
}

function mocksOf({ outputs, calls }: Answers): pulumi.runtime.Mocks {
  return {
    newResource: ({ type, name, inputs }) => ({
      id: `${name}-id`,
      state: { ...(inputs as Inputs), ...outputs?.(type, name) },
    }),
    call: ({ token }) => calls?.[token] ?? {},
  };
}

/** Starts a fresh engine under Pulumi's mocks and runs a program to its end. */
export async function record<T>(
  program: () => T,
  answers: Answers = {},
): Promise<{ readonly registered: readonly Registered[]; readonly result: T }> {
  const registered = await start(answers);
  const result = program();
  await pulumi.runtime.disconnect();
  return { registered, result };
}

/** Runs a program that must refuse, and returns what it registered before it did, and why. */
export async function recordRefusal(
  program: () => unknown,
  answers: Answers = {},
): Promise<{ readonly registered: readonly Registered[]; readonly message: string }> {
  const registered = await start(answers);
  let message = '';
  try {
    program();
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  await pulumi.runtime.disconnect();
  return { registered, message };
}

/** Listens in front of Pulumi's mocks, which throw away parents, dependencies and marks of secrets. */
async function start(answers: Answers): Promise<readonly Registered[]> {
  await pulumi.runtime.setMocks(mocksOf(answers));
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const registered: Registered[] = [];
  const answer = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    registered.push({
      type: request.getType(),
      name: request.getName(),
      inputs: readable(request.getObject()?.toJavaScript()) as Inputs,
      parent: nameOf(request.getParent()),
      provider: nameOf(request.getProvider().replace(/::[^:]*$/, '')),
      dependsOn: request.getDependenciesList().map(nameOf).sort(),
      ignoreChanges: request.getIgnorechangesList(),
    });
    return answer(request, callback);
  };
  return registered;
}

function nameOf(urn: string): string {
  return urn.split('::').at(-1) ?? '';
}

/** Pulumi's marks of a secret, in the protocol between a program and the engine. */
const signature = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const record = value as Inputs;
  if (record[signature] === secretSignature) return { secret: readable(record.value) };
  return Object.fromEntries(Object.entries(record).map(([k, v]) => [k, readable(v)]));
}
