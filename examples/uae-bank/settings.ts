import { type Config, type Output, RunError, runtime, secret } from '@pulumi/pulumi';
import type { Form } from './forms';

/** Pulumi has it, and leaves it out of its types; nothing else says how a key was set. */
const { isConfigSecret } = runtime as unknown as {
  readonly isConfigSecret: (key: string) => boolean;
};

type FormInWords = Pick<Form, 'title' | 'example'>;

/** Reads settings of a stack, and collects what is wrong with them, so that one error tells it all. */
export class Settings {
  readonly #faults: string[] = [];

  constructor(private readonly config: Config) {}

  text(key: string, form: Form): string {
    const given = this.#inClear(key, form);
    if (given === undefined) return '';
    if (!form.matches.test(given)) this.#refuse(key, form, shown(given));
    return given;
  }

  /** At least one. */
  texts(key: string, form: Form): readonly [string, ...string[]] {
    const given = this.#inClear(key, form, `--path '${key}[0]'`);
    if (given === undefined) return [''];
    const [first = '', ...others] = listIn(given);
    const wrong = [first, ...others].findIndex((item) => !form.matches.test(item));
    if (wrong >= 0) {
      const title = `a list of at least one, each ${form.title}`;
      const received = first === '' ? shown('') : given;
      this.#refuse(key, { ...form, title }, received, `--path '${key}[${wrong}]'`);
    }
    return [first, ...others];
  }

  oneOf<const Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const form = { title: choices.join(' or '), example: choices[0] ?? '' };
    const given = this.#inClear(key, form);
    if (given === undefined) return undefined;
    const found = choices.find((choice) => choice === given);
    if (found === undefined) this.#refuse(key, form, shown(given));
    return found;
  }

  /** A text that is secret from here on, even where it was set in clear. It is not judged: a fault would show it. */
  secret(key: string, form: Form): Output<string> {
    // `get` would warn of a secret that is read in clear.
    const given = runtime.getConfig(`${this.config.name}:${key}`) ?? '';
    if (given === '') this.#refuse(key, form, shown(given), `--secret ${key}`);
    return secret(given);
  }

  /** @throws RunError where anything was wrong, naming each key, what it was, what is allowed, and the fix */
  refuseFaults(): void {
    const { length } = this.#faults;
    if (length === 0) return;
    const count = length === 1 ? 'a fault' : `${length} faults`;
    throw new RunError(`the stack's configuration has ${count}:\n${this.#faults.join('\n')}`);
  }

  /** Nothing for a secret, which is a fault: what is read here comes into the state as it stands. */
  #inClear(key: string, { example }: FormInWords, setting = key): string | undefined {
    if (!isConfigSecret(`${this.config.name}:${key}`)) return this.config.get(key) ?? '';
    const title = 'a value in the clear, as the state is to show it';
    this.#refuse(key, { title, example }, 'a secret', `--plaintext ${setting}`);
    return undefined;
  }

  #refuse(key: string, { title, example }: FormInWords, received: string, setting = key): void {
    this.#faults.push(
      `  ${key}: expected ${title}; received ${received}\n    pulumi config set ${setting} ${example}`,
    );
  }
}

/** What only the other kind of stack needs is empty by default. */
function shown(given: string): string {
  return given === '' ? 'nothing' : JSON.stringify(given);
}

/** The texts of a list as Pulumi gives it: JSON. Text that is none counts as its only item. */
function listIn(given: string): readonly string[] {
  if (given === '') return [];
  try {
    const value: unknown = JSON.parse(given);
    return Array.isArray(value) ? value.map(String) : [given];
  } catch {
    return [given];
  }
}
