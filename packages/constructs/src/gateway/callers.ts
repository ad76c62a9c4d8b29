import { ConstructError } from '../construct-error';

/** Who may do something, in the terms of what an issuer says of a caller. */
export interface CallerIdentity {
  /** Values of `sub`; none where whoever has a token may. */
  readonly subjects: readonly string[];
  /** Claim that must have one of the values. */
  readonly claim?: { readonly name: string; readonly values: readonly string[] };
}

/** Two copies of this package, in one tree, must know each other's. */
const brand = Symbol.for('@manara/constructs.Callers');

/** Callers of a gateway, by what their tokens say. Nobody without a token is one. */
export class Callers {
  static isCallers(x: unknown): x is Callers {
    return typeof x === 'object' && x !== null && brand in x;
  }

  /** Whoever has a token of one of the gateway's issuers. */
  static withToken(): Callers {
    return new Callers({ subjects: [] });
  }

  /**
   * Callers by their tokens' `sub`.
   *
   * @throws ConstructError MANARA_GATEWAY for none, and for one that is empty or holds a `*`
   */
  static subjects(...subjects: readonly [string, ...string[]]): Callers {
    validateValues('Callers.subjects', subjects);
    return new Callers({ subjects });
  }

  /**
   * Callers whose tokens have one of these scopes: words of the claim `scope`.
   *
   * @throws ConstructError MANARA_GATEWAY for none, and for one that is empty or holds a `*`
   */
  static scope(...scopes: readonly [string, ...string[]]): Callers {
    return Callers.claim('scope', ...scopes);
  }

  /**
   * Callers whose tokens have a claim with one of these values, itself or in its list.
   *
   * @throws ConstructError MANARA_GATEWAY for no value, and for one that is empty or holds a `*`
   */
  static claim(name: string, ...values: readonly [string, ...string[]]): Callers {
    // Brackets lead into objects in the terms of the mesh.
    if (typeof name !== 'string' || !/^[\w.:/-]+$/.test(name)) {
      refuse('Callers.claim', `the name of a claim; received ${JSON.stringify(name)}`);
    }
    validateValues('Callers.claim', values);
    return new Callers({ subjects: [], claim: { name, values } });
  }

  private constructor(readonly identity: CallerIdentity) {
    Object.defineProperty(this, brand, { value: true });
  }
}

/** A `*` in Istio's rules stands for any text, which nobody who writes a name means. */
function validateValues(at: string, values: readonly string[]): void {
  if (values.length === 0) refuse(at, 'at least one; received none');
  const wrong = values.find((value) => typeof value !== 'string' || !/^[^*\s]+$/.test(value));
  if (wrong !== undefined) {
    refuse(at, `texts without "*" and spaces; received ${JSON.stringify(wrong)}`);
  }
}

function refuse(at: string, expected: string): never {
  throw new ConstructError('MANARA_GATEWAY', at, `expected ${expected}`);
}
