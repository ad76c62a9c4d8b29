import type { Place } from '@manara/residency';
import type { PlacedWorkload } from '../engines/lowering';
import type { EndpointRoutes } from '../mesh/endpoint-routes';
import type { Labels } from '../peer';
import type { Site } from '../site';
import type { GatewayAccess, InferenceGatewayProps } from './gateway-props';

/** An endpoint behind a gateway, on the gateway's site. */
export interface Behind {
  readonly name: string;
  readonly workload: PlacedWorkload & { readonly routes: EndpointRoutes };
  /** Host that it answers at with all of its server's routes, and over gRPC. */
  readonly host: string;
  readonly rules: readonly GatewayAccess<Place>[];
}

/** What the objects of a gateway are made from. */
export interface LoweredGateway {
  /** Construct path, for messages. */
  readonly at: string;
  /** Name of its objects. */
  readonly name: string;
  readonly site: Site;
  readonly props: InferenceGatewayProps<Place>;
  readonly behind: readonly Behind[];
  /** Labels that select its pods, and no others of the site. */
  readonly podLabels: Labels;
  /** Labels of all its objects. */
  readonly labels: Labels;
}

/** Hosts that a gateway answers at. */
export function hostsOf({ props, behind }: LoweredGateway): readonly string[] {
  return [props.host, ...behind.map(({ host }) => host)];
}
