import type { OpenApiDocument } from '@manara/contract';
import type { DataFlow, Place } from '@manara/residency';
import { Construct } from 'constructs';
import type { PlacedWorkload } from '../engines/lowering';
import { type DescribesItself, type DossierPart, dossierPart } from '../dossier/dossier-part';
import { gatewayPart } from './gateway-dossier';
import { dataFlows, type DeclaresFlows } from '../flows/data-flows';
import { validateId } from '../props/names';
import { checkProps } from '../props/props';
import type { Site } from '../site';
import { checkGateway } from './check-gateway';
import { contractOf } from './gateway-contract';
import { gatewayFlows } from './gateway-flows';
import { gatewayKinds, type InferenceGatewayProps } from './gateway-props';
import { addGatewayPods } from './gateway-pods';
import { addRoutes } from './gateway-routes';
import { addIdentityPolicies } from './identity-policies';
import { addLimitService } from './limit-service';
import { addListener } from './listener';
import type { Behind, LoweredGateway } from './lowered-gateway';
import { addProxyConfiguration } from './proxy-configuration';

/** Two copies of this package, in one tree, must know each other's gateways. */
const brand = Symbol.for('@manara/constructs.InferenceGateway');

/**
 * The one way into a site from outside of its mesh: TLS, identity, who may do what, limits, the contract of
 * all endpoints, and a log without personal data. What is not listed is refused.
 */
export class InferenceGateway<const P extends Place = Place>
  extends Construct
  implements DeclaresFlows, DescribesItself
{
  static isInferenceGateway(x: unknown): x is InferenceGateway {
    return typeof x === 'object' && x !== null && brand in x;
  }

  readonly site: Site<P>;
  readonly props: InferenceGatewayProps<P>;
  /** OpenAPI document of all its endpoints, as it serves it. */
  readonly contract: OpenApiDocument;
  readonly #lowered: LoweredGateway;

  /** @throws ConstructError MANARA_GATEWAY, MANARA_NAME, MANARA_PROP */
  constructor(site: Site<P>, id: string, props: InferenceGatewayProps<NoInfer<P>>) {
    const at = validateId(site, id);
    checkProps(at, props, gatewayKinds);
    checkGateway(at, site, props);
    super(site, id);
    Object.defineProperty(this, brand, { value: true });
    this.site = site;
    this.props = props;
    this.#lowered = {
      at,
      name: id,
      site,
      props,
      behind: behindOf(site, props),
      podLabels: { 'app.kubernetes.io/name': id, 'app.kubernetes.io/component': 'gateway' },
      labels: {
        'app.kubernetes.io/name': id,
        'app.kubernetes.io/component': 'gateway',
        'app.kubernetes.io/part-of': site.zone.name,
        'app.kubernetes.io/managed-by': 'manara',
        'manara.dev/site': site.node.id,
      },
    };
    try {
      this.contract = contractOf(this.#lowered);
      for (const add of [
        addGatewayPods,
        addListener,
        addRoutes,
        addIdentityPolicies,
        addProxyConfiguration,
        addLimitService,
      ]) {
        add(this, this.#lowered);
      }
    } catch (error) {
      site.node.tryRemoveChild(id);
      throw error;
    }
  }

  [dossierPart](): DossierPart {
    return gatewayPart(this.#lowered);
  }

  [dataFlows](): readonly DataFlow[] {
    return gatewayFlows(this.#lowered);
  }
}

function behindOf(site: Site, { host, access }: InferenceGatewayProps<Place>): readonly Behind[] {
  const endpoints = [...new Set(access.map(({ endpoint }) => endpoint))];
  return endpoints.flatMap(({ name, workloads }) =>
    workloads
      .filter((workload) => workload.site === site)
      .filter(isRouted)
      .map((workload) => ({
        name,
        workload,
        host: `${name}.${host}`,
        rules: access.filter(({ endpoint }) => endpoint.name === name),
      })),
  );
}

function isRouted(workload: PlacedWorkload): workload is Behind['workload'] {
  return workload.routes !== undefined;
}
