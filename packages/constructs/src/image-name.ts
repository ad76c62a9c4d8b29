/** An image in a registry. */
export interface ImageName {
  readonly name: string;
  readonly tag: string;
  /** @default - the tag's */
  readonly digest?: string;
}

/** One part of an image's name, between slashes. */
const component = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;

/** Grammar of image references. Source: distribution/reference, reference.go; read 2026-11. */
export const imageGrammar = {
  name: new RegExp(`^${component}(?:/${component})*$`),
  tag: /^\w[\w.-]{0,127}$/,
  digest: /^sha256:[0-9a-f]{64}$/,
} as const;
