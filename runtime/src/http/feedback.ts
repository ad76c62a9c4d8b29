import type { ServerContext } from '../context';
import { errors } from '../errors';
import { describe } from '../protocol/describe';
import type { Feedback } from '../variants/variants';
import { readBody } from './body';
import { asObject, asString, parseJson } from './fields';
import { repeatable } from './repeatable';
import { sendJson } from './reply';
import type { Exchange } from './router';

const maxBytes = 64 * 1024;

/** `POST /v2/models/M/feedback`: what became of a prediction. */
export async function feedbackRoute(context: ServerContext, exchange: Exchange): Promise<void> {
  const { variants } = context;
  const { request, response, parameters, terms, held } = exchange;
  const { model = '' } = parameters;
  if (variants === undefined) throw errors.feedbackOff(model);
  const limit = { bytes: maxBytes, whose: 'the limit of this route' };
  const body = await readBody(request, { limit, held });
  const feedback = readFeedback(parseJson(body));
  const { variant, version } = await repeatable(context, exchange, body, () =>
    variants.feedback(model, terms.caller.id, feedback),
  );
  sendJson(response, 200, { model_name: model, model_version: String(version), variant });
}

function readFeedback(body: unknown): Feedback {
  const { id, reward, outcome } = asObject(body, '(body)');
  if (reward !== undefined && (typeof reward !== 'number' || !Number.isFinite(reward))) {
    throw errors.fieldInvalid('reward', describe(reward), 'a number');
  }
  if (reward === undefined && outcome === undefined) {
    throw errors.fieldInvalid('(body)', 'neither', '"reward" or "outcome"');
  }
  return { id: asString(id, 'id'), reward, outcome: readOutcome(outcome) };
}

/** As predictions are remembered: in words. */
function readOutcome(outcome: unknown): string | undefined {
  switch (typeof outcome) {
    case 'undefined':
      return undefined;
    case 'string':
      return outcome;
    case 'number':
    case 'boolean':
      return String(outcome);
    default:
      throw errors.fieldInvalid('outcome', describe(outcome), 'a string, a number, true or false');
  }
}
