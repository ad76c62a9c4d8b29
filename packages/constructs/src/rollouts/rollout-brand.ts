/** Two copies of this package, in one tree, must know each other's rollouts. */
export const rolloutBrand = Symbol.for('@manara/constructs.EndpointRollout');

export function isEndpointRollout(x: unknown): boolean {
  return typeof x === 'object' && x !== null && rolloutBrand in x;
}
