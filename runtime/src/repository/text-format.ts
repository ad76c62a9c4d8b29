/**
 * Reader of protobuf's text format, the language of `config.pbtxt`.
 *
 * Our own because its users need to be told which field, on which line, holds what: the reader in
 * protobufjs knows neither for most mistakes.
 * Source: Protocol Buffers, "Text Format Language Specification"; read 2026-11.
 */
export interface Field {
  readonly name: string;
  /** Line in the file, from 1. */
  readonly line: number;
  readonly value: Scalar | Message;
}

export interface Scalar {
  readonly kind: 'string' | 'number' | 'word';
  readonly text: string;
}

export interface Message {
  readonly kind: 'message';
  readonly fields: readonly Field[];
}

/** A file that is not protobuf text, or says something that the server cannot do. */
export class ModelConfigError extends Error {
  constructor(line: number, message: string) {
    super(`config.pbtxt line ${line}: ${message}`);
    this.name = 'ModelConfigError';
  }
}

/** Messages in messages; a real configuration has three. */
const greatestDepth = 64;

/** @throws ModelConfigError with the line of the first mistake. */
export function parseTextFormat(text: string): Message {
  return new Parser(tokenize(text)).message('end of file');
}

interface Token {
  readonly kind: 'string' | 'number' | 'word' | 'punctuation' | 'end';
  readonly text: string;
  readonly line: number;
}

const tokenPattern =
  /(?<space>\s+|#[^\n]*)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<number>-?\s*(?:0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)[fF]?(?![\w.]))|(?<word>[A-Za-z_]\w*)|(?<punctuation>[{}<>[\]:,;])/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  let line = 1;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      throw new ModelConfigError(
        line,
        `unexpected ${JSON.stringify(text.slice(start, start + 10))}`,
      );
    }
    const [whole] = match;
    const { string, number, word, punctuation } = match.groups ?? {};
    if (string !== undefined) tokens.push({ kind: 'string', text: unquote(string), line });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, line });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, line });
    else if (punctuation !== undefined)
      tokens.push({ kind: 'punctuation', text: punctuation, line });
    line += whole.split('\n').length - 1;
  }
  tokens.push({ kind: 'end', text: 'end of file', line });
  return tokens;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/g, (_, c: string) => escapes[c] ?? c);
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  message(close: string): Message {
    const fields: Field[] = [];
    while (!this.take(close)) {
      const token = this.next();
      if (token.kind !== 'word') throw unexpected(token, `a field name or ${close}`);
      const separated = this.take(':');
      for (const { line, value } of this.values(separated)) {
        fields.push({ name: token.text, line, value });
      }
      if (!this.take(',')) this.take(';');
    }
    return { kind: 'message', fields };
  }

  private inner(close: string): Message {
    if (++this.depth > greatestDepth) {
      const line = this.tokens[this.at - 1]?.line ?? 0;
      throw new ModelConfigError(line, `messages nest more than ${greatestDepth} deep`);
    }
    const message = this.message(close);
    this.depth--;
    return message;
  }

  /** One value, or the several of a list. */
  private values(separated: boolean): Omit<Field, 'name'>[] {
    if (!this.take('[')) return [this.located(separated)];
    const values: Omit<Field, 'name'>[] = [];
    if (this.take(']')) return values;
    do values.push(this.located(true));
    while (this.take(','));
    if (!this.take(']')) throw unexpected(this.next(), '"," or "]"');
    return values;
  }

  private located(scalarAllowed: boolean): Omit<Field, 'name'> {
    const line = this.tokens[this.at]?.line ?? 0;
    return { line, value: this.value(scalarAllowed) };
  }

  private value(scalarAllowed: boolean): Scalar | Message {
    if (this.take('{')) return this.inner('}');
    if (this.take('<')) return this.inner('>');
    const token = this.next();
    if (!scalarAllowed) throw unexpected(token, '":" or "{"');
    if (token.kind === 'punctuation' || token.kind === 'end') throw unexpected(token, 'a value');
    return { kind: token.kind, text: token.kind === 'string' ? this.joined(token) : token.text };
  }

  /** Strings that follow one another are one. */
  private joined(first: Token): string {
    let text = first.text;
    while (this.tokens[this.at]?.kind === 'string') text += this.next().text;
    return text;
  }

  private take(text: string): boolean {
    const token = this.tokens[this.at];
    const matches =
      token !== undefined &&
      (token.kind === 'punctuation' || token.kind === 'end') &&
      token.text === text;
    if (matches) this.at++;
    return matches;
  }

  private next(): Token {
    const token = this.tokens[this.at] ?? this.tokens.at(-1);
    if (token === undefined) throw new Error('a token list ends with its end');
    this.at++;
    return token;
  }
}

function unexpected(token: Token, expected: string): ModelConfigError {
  const shown = token.kind === 'end' ? 'the end of the file' : quoted(token.text);
  return new ModelConfigError(token.line, `expected ${expected}, received ${shown}`);
}

/** A text as errors quote it: its beginning. */
export function quoted(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 60))}…`;
}
