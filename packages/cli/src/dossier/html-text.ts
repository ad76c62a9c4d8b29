import type { Text } from '@manara/constructs';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is read as nothing but text, in an element and in a quoted attribute alike. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => entities[char] ?? char)
    .replace(/(?![\t\n\r])\p{Cc}/gu, '\ufffd');
}

/** A sentence with its names as code. Long names may break where they have a joint, long words anywhere. */
export function textHtml(text: Text): string {
  return text
    .map((piece) =>
      typeof piece === 'string' ? wordsHtml(piece) : `<code>${breakable(piece.code)}</code>`,
    )
    .join('');
}

/** A table would grow as wide as its longest word. */
function wordsHtml(text: string): string {
  return text
    .split(/(\S{30,})/)
    .map((part, i) => (i % 2 === 0 ? escapeHtml(part) : pieces(part).map(escapeHtml).join('<wbr>')))
    .join('');
}

function pieces(word: string): readonly string[] {
  return word.match(/.{1,15}/gsu) ?? [];
}

function breakable(text: string): string {
  return escapeHtml(text).replace(/([/.:,@_-])(?=[^\s<])/g, '$1<wbr>');
}
