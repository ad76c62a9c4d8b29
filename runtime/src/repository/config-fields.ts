import { type Field, type Message, ModelConfigError, quoted } from './text-format';

/** Typed access to the fields of one message, with errors that name field, value and what is allowed. */
export class ConfigFields {
  /**
   * @param at - where the message stands, for errors: '' or 'input.'.
   * @throws ModelConfigError for a field that is not among those supported.
   */
  constructor(
    private readonly message: Message,
    private readonly at: string,
    supported: readonly string[],
  ) {
    for (const { name, line } of message.fields) {
      if (supported.includes(name)) continue;
      const allowed = supported.map((field) => `"${field}"`).join(', ');
      throw new ModelConfigError(
        line,
        `field ${quoted(at + name)} is not supported; supported here: ${allowed}`,
      );
    }
  }

  /** The field, `undefined` where it does not stand. @throws ModelConfigError where it stands twice. */
  single(name: string): Field | undefined {
    const [field, second] = this.message.fields.filter((candidate) => candidate.name === name);
    if (second !== undefined) {
      throw new ModelConfigError(second.line, `field "${this.at}${name}" stands twice`);
    }
    return field;
  }

  string(name: string): string | undefined {
    const field = this.single(name);
    if (field === undefined) return undefined;
    if (field.value.kind !== 'string') throw this.refused(field, 'a quoted string');
    return field.value.text;
  }

  /** One of the words of an enumeration. */
  word(name: string, allowed: readonly string[]): string | undefined {
    const field = this.single(name);
    if (field === undefined) return undefined;
    if (field.value.kind !== 'word' || !allowed.includes(field.value.text)) {
      throw this.refused(field, allowed.join(', '));
    }
    return field.value.text;
  }

  integer(name: string, min: number, max: number): number | undefined {
    const field = this.single(name);
    return field === undefined ? undefined : this.integerOf(field, min, max);
  }

  integers(name: string, min: number, max: number): number[] {
    return this.message.fields
      .filter((field) => field.name === name)
      .map((field) => this.integerOf(field, min, max));
  }

  /** Fields that hold messages. */
  messages(name: string): (Field & { readonly value: Message })[] {
    return this.message.fields
      .filter((field) => field.name === name)
      .map(({ value, line }) => {
        if (value.kind === 'message') return { name, line, value };
        throw this.refused({ name, line, value }, 'a message in braces');
      });
  }

  refused(field: Field, expected: string): ModelConfigError {
    const { value } = field;
    const received =
      value.kind === 'message'
        ? 'a message'
        : value.kind === 'string'
          ? quoted(value.text)
          : value.text.slice(0, 60);
    return new ModelConfigError(
      field.line,
      `field "${this.at}${field.name}": expected ${expected}, received ${received}`,
    );
  }

  private integerOf(field: Field, min: number, max: number): number {
    const number = field.value.kind === 'number' ? Number(field.value.text) : NaN;
    if (!Number.isInteger(number) || number < min || number > max) {
      throw this.refused(field, `an integer from ${min} to ${max}`);
    }
    return number;
  }
}
