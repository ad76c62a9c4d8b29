import { hostOf, parsePlace, type Place } from '@manara/residency';
import { ConstructError } from './construct-error';
import { imageGrammar } from './image-name';
import { hasLate } from './late/late';
import { checkProps, text } from './props/props';

export interface ImageRegistryProps<P extends Place> {
  /** Where the registry stores its images. */
  readonly place: P;
  /** Host, and a path where there is one, without a scheme: `registry.bank.example/serving`. May be late. */
  readonly prefix: string;
}

const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const host = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9a-f:]+\\])(?::\\d{1,5})?$`, 'i');

/** Grammar of image references. Source: distribution/reference, reference.go; read 2026-11. */
function isPrefix(prefix: string): boolean {
  const [first = '', ...path] = prefix.split('/');
  const named = hostOf(`${first}/`) !== undefined;
  return named && host.test(first) && (path.length === 0 || imageGrammar.name.test(path.join('/')));
}

/** A container registry that exists. */
export class ImageRegistry<const P extends Place> {
  readonly kind = 'image';
  readonly place: P;
  readonly prefix: string;

  /**
   * @throws ConstructError MANARA_URI for a prefix that no image reference can begin with, or that names no
   * host: `library/nginx` is Docker Hub's
   */
  constructor(props: ImageRegistryProps<P>) {
    checkProps('ImageRegistry', props, { place: text, prefix: text });
    parsePlace(props.place);
    const prefix = props.prefix.replace(/\/+$/, '');
    if (!hasLate(prefix) && !isPrefix(prefix)) {
      throw new ConstructError(
        'MANARA_URI',
        'ImageRegistry',
        `prefix: expected a host (with a dot, a port, or localhost) and a path in lower case, without a scheme, such as registry.bank.example/serving; received "${props.prefix}"`,
      );
    }
    this.place = props.place;
    this.prefix = prefix;
  }

  /** Reference of an image: `prefix/name:tag`, or `prefix/name@digest` where a digest is known. */
  image(name: string, tag: string, digest?: string): string {
    return `${this.prefix}/${name}${digest === undefined ? `:${tag}` : `@${digest}`}`;
  }
}
