/**
 * Widths of characters in an em of DejaVu Sans, one of the widest fonts that a system shows; where
 * another one is shown there is more room than needed. No browser is there to ask when the page is made.
 */
const widths: readonly (readonly [chars: RegExp, em: number])[] = [
  [/[ijl|'!.,:;]/, 0.34],
  [/[ftr()[\]{}/\\ I-]/, 0.41],
  [/[mMwW@%]/, 0.99],
  [/[A-Z&]/, 0.77],
  [/[ -\u024f]/, 0.64],
];

/** Room that a line takes, in pixels. */
export function textWidth(text: string, fontSize: number): number {
  const em = Array.from(text).reduce(
    (sum, char) => sum + (widths.find(([chars]) => chars.test(char))?.[1] ?? 1.05),
    0,
  );
  return Math.ceil(em * fontSize);
}

/** Lines of at most so many characters, broken where a name has a joint. */
export function wrapLine(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(/(?<=[\s/.:,@_-])/).flatMap((one) => chunks(one, most))) {
    if (line !== '' && (line + piece).trimEnd().length > most) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

function chunks(text: string, most: number): readonly string[] {
  const all: string[] = [];
  for (let start = 0; start < text.length; start += most) all.push(text.slice(start, start + most));
  return all;
}
