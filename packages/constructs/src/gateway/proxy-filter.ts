/** A filter of the proxy's HTTP connection manager, in Envoy's own terms. */
export interface HttpFilter {
  readonly name: string;
  readonly typed_config: Readonly<Record<string, unknown>>;
}

/** A share of requests that can be changed while the proxy runs. */
export function percent(numerator: number): object {
  return { default_value: { numerator, denominator: 'HUNDRED' } };
}
