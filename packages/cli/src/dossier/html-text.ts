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

/** A sentence with its names as code. Long names may break where they have a joint. */
export function textHtml(text: Text): string {
  return text
    .map((piece) =>
      typeof piece === 'string' ? escapeHtml(piece) : `<code>${breakable(piece.code)}</code>`,
    )
    .join('');
}

function breakable(text: string): string {
  return escapeHtml(text).replace(/([/.:,@_-])(?=[^\s<])/g, '$1<wbr>');
}
