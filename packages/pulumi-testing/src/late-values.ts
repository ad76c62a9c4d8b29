import { output } from '@pulumi/pulumi';
import type { record } from './record';

/** What a component stands on, made once; then the component, with arguments that the compiler would refuse. */
export type Stand<On> = (on: On) => (name: string, args: object) => unknown;

interface LateQuestion<On> {
  /** Type token of the component: `manara:aws:ModelBucket`. */
  readonly type: string;
  readonly base: () => On;
  readonly stand: Stand<On>;
  /** Paths of the arguments that give shape, with arguments that have a late value there. */
  readonly shape: Readonly<Record<string, object>>;
  readonly record: <T>(program: () => T) => ReturnType<typeof record<T>>;
}

/**
 * Where a component takes a value that is known only after deployment although it gives shape, or refuses
 * it in other words, or after it has registered something. Its name is asked for, too.
 */
export async function lateFaults<On>(question: LateQuestion<On>): Promise<readonly string[]> {
  const { type, base, stand, shape } = question;
  const tries = Object.entries(shape).map(([at, args], i) => ({ at, args, name: `late${i}` }));
  const { registered, result } = await question.record(() => {
    const make = stand(base());
    return [
      ...tries.flatMap(({ at, args, name }) =>
        faultOf(`${type} "${name}": ${at}`, () => make(name, args)),
      ),
      ...faultOf(`${type}: name`, () => make(output('x') as unknown as string, {})),
    ];
  });
  const names = new Set(registered.flatMap(({ name, parent }) => [name, parent]));
  return [...result, ...tries.map(({ name }) => name).filter((name) => names.has(name))];
}

function faultOf(title: string, program: () => unknown): readonly string[] {
  const message = messageOf(program);
  const isRefused =
    message.startsWith(`${title}: expected `) &&
    message.endsWith(
      '; received an Output, whose value is known only after deployment (MANARA_ARGS)',
    );
  return isRefused ? [] : [`${title}: ${message}`];
}

function messageOf(program: () => unknown): string {
  try {
    program();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'not refused';
}
