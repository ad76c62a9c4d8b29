import type { CallTerms } from '../../call';
import type { InferenceCall } from '../../telemetry/observer';
import type { AskedInference } from '../infer';
import type { RouteParameters } from '../router';
import type { PlainHead } from './head';
import { IncomingBody } from './incoming-body';

/** A plain request from its head to its answer. */
export class PlainRequest implements AskedInference {
  readonly parameters: RouteParameters;
  readonly body: IncomingBody;

  constructor(
    readonly head: PlainHead,
    readonly terms: CallTerms,
    readonly call: InferenceCall,
    /** To be called once nobody waits for the answer. */
    readonly abandon: () => void,
  ) {
    this.parameters = head;
    this.body = new IncomingBody(head);
  }
}
