import { plain, type Text } from '@manara/constructs';

/** A sentence with the mark that ends it. */
export function closed(text: Text): Text {
  return /[.?!:]\s*$/.test(plain(text)) ? text : [...text, '.'];
}
