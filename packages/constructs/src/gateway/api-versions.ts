/** Versions of the APIs that gateways are made of. Source: Istio 1.31's and cert-manager 1.21's resources; read 2026-11. */
export const apiVersions = {
  networking: 'networking.istio.io/v1',
  envoyFilter: 'networking.istio.io/v1alpha3',
  security: 'security.istio.io/v1',
  telemetry: 'telemetry.istio.io/v1',
  certificate: 'cert-manager.io/v1',
} as const;
