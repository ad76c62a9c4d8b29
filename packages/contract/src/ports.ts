/** Triton's default ports, kept so that its users' clients and dashboards work unchanged. */
export const ports = { http: 8000, grpc: 8001, metrics: 8002 } as const;

/** Names of the ports in pods and services. */
export type PortName = keyof typeof ports;
