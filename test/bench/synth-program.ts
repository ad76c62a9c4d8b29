import { ModelEndpoint, ResidencyZone, Site } from '@manara/constructs';
import { App } from 'cdk8s';
import { endpointProps, siteProps, zoneProps } from './endpoint-props';

/** A tree of as many endpoints as wanted, on one site. */
export function endpoints(count: number): App {
  const app = new App();
  const zone = new ResidencyZone(app, 'bench', zoneProps);
  const site = new Site(zone, 'dubai', siteProps);
  for (let i = 0; i < count; i++) {
    const id = `model-${i}`;
    new ModelEndpoint(zone, id, { ...endpointProps(id), sites: [site] });
  }
  return app;
}
