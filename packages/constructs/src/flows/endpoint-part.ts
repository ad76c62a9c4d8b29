import type { DataFlow } from '@manara/residency';
import { Construct } from 'constructs';
import { dataFlows, type DeclaresFlows } from './data-flows';

/**
 * An endpoint's objects in a site. The endpoint declares their flows; here it is said that somebody does, so
 * that kinds of custom controllers pass. What they hold (images, addresses, texts) is read as of all others.
 */
export class EndpointPart extends Construct implements DeclaresFlows {
  [dataFlows](): readonly DataFlow[] {
    return [];
  }
}
