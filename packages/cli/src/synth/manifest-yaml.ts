import type { ManifestRecord } from '@manara/constructs';
import { Document, isScalar, Scalar, visit } from 'yaml';

/**
 * Writes documents as YAML that every reader reads alike. Kubernetes' own parser mixes YAML 1.1 and
 * 1.2: `on`, `0o17`, `1e3` and `12:30` are text to one and not to the other, so whatever might be
 * taken for something else stands in quotes.
 */
export function manifestYaml(documents: readonly ManifestRecord[]): string {
  return documents.map(documentYaml).join('---\n');
}

function documentYaml(manifest: ManifestRecord): string {
  // Objects that appear twice are written twice: anchors are more than kubectl's users expect.
  const document = new Document(manifest, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'string') node.type = styleOf(node.value);
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false });
}

/** Words that some version of YAML reads as a boolean or as nothing. */
const words = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** Tabs are fine in a block; other control characters, and what else ends a line, are not. */
const unprintable = /[^\P{Cc}\t\n]|[\u2028\u2029\ufeff]/u;

function styleOf(text: string): Scalar.Type {
  if (unprintable.test(text)) return Scalar.QUOTE_DOUBLE;
  if (text.includes('\n')) {
    // A block that begins with a space, or holds one before a line's end, is easily misread.
    return /^\s|[ \t]\n|[ \t]$/.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  }
  return /^[A-Za-z/]/.test(text) && !words.test(text) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
}
