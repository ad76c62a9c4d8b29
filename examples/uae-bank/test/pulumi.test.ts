import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chartObjects } from '@manara/constructs';
import * as pulumi from '@pulumi/pulumi';
import { App, Yaml } from 'cdk8s';
import { bank, type BankInputs } from '../bank';

const root = resolve(__dirname, '../../../..');

interface Project {
  readonly name: string;
  readonly main: string;
  readonly config: Readonly<Record<string, { readonly default?: string | number }>>;
}

/** What the bank's other stack knows. */
const outputs: BankInputs = {
  modelBucket: 's3://models-of-the-test',
  modelReaderRole: 'arn:aws:iam::444455556666:role/reader-of-the-test',
  awsRegistry: 'aws.registry.example/serving',
  azureRegistry: 'azure.registry.example/serving',
};

type Inputs = Readonly<Record<string, unknown>>;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
  readonly provider?: string;
  /** Whether a provider manages it; a component is none's. */
  readonly custom?: boolean;
}

/** Runs the program that Pulumi.yaml names, with its configuration, under Pulumi's mocks. */
async function run(project: Project): Promise<readonly Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args: Registered) => {
        registered.push(args);
        const isStack = args.type === 'pulumi:pulumi:StackReference';
        return { id: `${args.name}-id`, state: isStack ? { outputs } : args.inputs };
      },
      call: () => ({}),
    },
    project.name,
    'test',
  );
  pulumi.runtime.setAllConfig(configuration(project));
  await import(resolve(root, project.main));
  await pulumi.runtime.disconnect();
  return registered;
}

/** As the engine reads it: the project's defaults, and what has none from the stack's file. */
function configuration({ name, config }: Project): Record<string, string> {
  const given: Record<string, string> = { infrastructure: 'bank/infrastructure/test' };
  return Object.fromEntries(
    Object.entries(config).map(([key, { default: value }]) => {
      const found = value ?? given[key];
      assert.ok(found !== undefined, `the test gives no value for ${key}`);
      return [`${name}:${key}`, String(found)];
    }),
  );
}

describe('Pulumi.yaml', () => {
  let registered: readonly Registered[];

  before(async () => {
    registered = await run(Yaml.load(resolve(root, 'Pulumi.yaml'))[0] as Project);
  });

  it('registers every object of both sites, as if the late values had been known early', () => {
    const early = new App();
    bank(early, outputs);
    const expected = chartObjects(early).flatMap(({ objects }) => objects.map((o) => o.manifest));
    const objects = registered.filter((r) => r.type.startsWith('kubernetes:'));
    assert.equal(objects.length, expected.length);
    assert.deepEqual(texts(objects.map((o) => o.inputs)), texts(expected));
  });

  it('sends each site to the cluster of its own context', () => {
    const clusters = registered.filter((r) => r.type === 'pulumi:providers:kubernetes');
    assert.deepEqual(
      clusters.map(({ name, inputs }) => [name, inputs]),
      [
        ['aws-me-central-1', { context: 'aws-me-central-1', enableConfigMapMutable: 'true' }],
        ['azure-uaenorth', { context: 'azure-uaenorth', enableConfigMapMutable: 'true' }],
      ],
    );
    for (const site of ['aws-me-central-1', 'azure-uaenorth']) {
      const objects = registered.filter((r) => r.name.startsWith(`uae-bank/${site}/`));
      const providers = objects.filter((r) => r.custom).map((r) => r.provider?.split('::').at(-2));
      assert.deepEqual([...new Set(providers)], [site]);
    }
  });

  it('makes a component of each site, and of each endpoint on it', () => {
    const components = registered.filter((r) => r.type.startsWith('manara:'));
    assert.deepEqual(components.map((r) => `${r.type} ${r.name}`).sort(), [
      'manara:index:ModelEndpoint uae-bank/aws-me-central-1/document-reader',
      'manara:index:ModelEndpoint uae-bank/aws-me-central-1/fraud',
      'manara:index:ModelEndpoint uae-bank/azure-uaenorth/document-reader',
      'manara:index:ModelEndpoint uae-bank/azure-uaenorth/fraud',
      'manara:index:Site uae-bank/aws-me-central-1',
      'manara:index:Site uae-bank/azure-uaenorth',
    ]);
  });
});

describe('docs/pulumi.md', () => {
  it('shows the program as it is', () => {
    const program = readFileSync(resolve(root, 'examples/uae-bank/pulumi.ts'), 'utf8');
    const page = readFileSync(resolve(root, 'docs/pulumi.md'), 'utf8');
    assert.ok(page.includes(`\`\`\`ts\n${program}\`\`\``));
  });
});

/** Comparable whatever the order of objects and keys. */
function texts(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(sorted(value))).sort();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}
