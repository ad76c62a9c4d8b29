/** A piece of a sentence: words, or a name that stands there as it is written elsewhere. */
export type Inline = string | { readonly code: string };

/** A sentence of a dossier. Each way of writing it down escapes it in its own terms. */
export type Text = readonly Inline[];

/**
 * A sentence with the tree's names in it: ``say`pods of ${namespace}` ``. A text that is filled in stands as
 * code, a number and a sentence stand as they are.
 */
export function say(
  words: TemplateStringsArray,
  ...filled: readonly (string | number | Text)[]
): Text {
  return words
    .flatMap((word, i): Text => {
      const value = filled[i];
      if (value === undefined) return [word];
      if (typeof value === 'number') return [word, String(value)];
      return typeof value === 'string' ? [word, { code: value }] : [word, ...value];
    })
    .filter((piece) => piece !== '');
}

/** Names one after the other, each as code: `a, b`. */
export function list(names: readonly string[]): Text {
  return joined(names.map((code) => [{ code }]));
}

/** Words one after the other, as they are. */
export function words(names: readonly string[]): Text {
  return [names.join(', ')];
}

/** Seconds as people say them: `10 minutes`. */
export function duration(seconds: number): Text {
  if (seconds >= 120 && seconds % 60 === 0) return [`${seconds / 60} minutes`];
  return [`${seconds} ${seconds === 1 ? 'second' : 'seconds'}`];
}

/** Sentences one after the other. */
export function joined(texts: readonly Text[], between = ', '): Text {
  return texts.flatMap((text, i) => (i === 0 ? text : [between, ...text]));
}

/** A sentence without what sets names apart. */
export function plain(text: Text): string {
  return text.map((piece) => (typeof piece === 'string' ? piece : piece.code)).join('');
}

/** The text with each of its pieces replaced. */
export function mapText(text: Text, replace: (piece: string) => string): Text {
  return text.map((piece) =>
    typeof piece === 'string' ? replace(piece) : { code: replace(piece.code) },
  );
}

export function replicas(count: number): string {
  return count === 1 ? 'replica' : 'replicas';
}
