import { parsePlace, type Place } from '@manara/residency';
import { ConstructError } from './construct-error';
import { checkProps, text } from './props';

export interface ImageRegistryProps<P extends Place> {
  /** Where the registry stores its images. */
  readonly place: P;
  /** Host, and a path where there is one, without a scheme: `registry.bank.example/serving`. May be late. */
  readonly prefix: string;
}

/** A container registry that exists. */
export class ImageRegistry<const P extends Place> {
  readonly kind = 'image';
  readonly place: P;
  readonly prefix: string;

  /** @throws ConstructError MANARA_URI for a prefix with a scheme, or none at all */
  constructor(props: ImageRegistryProps<P>) {
    checkProps('ImageRegistry', props, { place: text, prefix: text });
    parsePlace(props.place);
    if (props.prefix === '' || props.prefix.includes('://')) {
      throw new ConstructError(
        'MANARA_URI',
        'ImageRegistry',
        `prefix: expected a host and path without a scheme, such as registry.bank.example/serving; received "${props.prefix}"`,
      );
    }
    this.place = props.place;
    this.prefix = props.prefix.replace(/\/+$/, '');
  }

  /** Reference of an image: `prefix/name:tag`, or `prefix/name@digest` where a digest is known. */
  image(name: string, tag: string, digest?: string): string {
    return `${this.prefix}/${name}${digest === undefined ? `:${tag}` : `@${digest}`}`;
  }
}
