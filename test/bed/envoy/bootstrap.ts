import type { Pod } from '../kubelet/pod';

export const adminPort = 15000;

export interface BootstrapProps {
  readonly pod: Pod;
  readonly ip: string;
  /** istiod's `host:port`. */
  readonly discovery: string;
  readonly serviceAccount: string;
  /** Of the service account, for the audience `istio-ca`. */
  readonly token: string;
}

/** What Envoy starts with: who it is, and that all else comes from istiod. */
export function bootstrap({ pod, ip, discovery, serviceAccount, token }: BootstrapProps): object {
  const { name, namespace, labels = {} } = pod.metadata;
  const [host, port] = discovery.split(':');
  return {
    node: {
      id: `router~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `${serviceAccount}.${namespace}`,
      metadata: {
        NAME: name,
        NAMESPACE: namespace,
        SERVICE_ACCOUNT: serviceAccount,
        CLUSTER_ID: 'Kubernetes',
        // What of Istio's own proxy may be configured; as new as istiod.
        ISTIO_VERSION: '1.31.0',
        INSTANCE_IPS: ip,
        LABELS: labels,
        NODE_NAME: pod.spec.nodeName,
      },
    },
    admin: { address: address(ip, adminPort) },
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [
          {
            envoy_grpc: { cluster_name: 'istiod' },
            initial_metadata: [{ key: 'authorization', value: `Bearer ${token}` }],
          },
        ],
      },
      cds_config: fromAds,
      lds_config: fromAds,
    },
    static_resources: {
      clusters: [
        {
          name: 'istiod',
          type: 'STATIC',
          connect_timeout: '1s',
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
          load_assignment: {
            cluster_name: 'istiod',
            endpoints: [
              { lb_endpoints: [{ endpoint: { address: address(host!, Number(port)) } }] },
            ],
          },
        },
      ],
    },
  };
}

const fromAds = { ads: {}, resource_api_version: 'V3' };

function address(host: string, port: number): object {
  return { socket_address: { address: host, port_value: port } };
}
