import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import type { ServerContext } from '../context';
import type { AnswerHeaders } from '../infer';
import type { LoadedVersion } from '../repository/loaded-version';

/** The version that is explained, and what is said of the choice beside the answer. */
export interface ChosenVersion {
  readonly version: LoadedVersion;
  readonly headers: AnswerHeaders;
}

/**
 * The version that would answer an inference of the same terms. Nothing is counted as an exposure: an
 * explanation is no prediction that anybody acts on.
 *
 * @throws ServingError
 */
export async function chosenVersion(
  { pipeline, gate }: Pick<ServerContext, 'pipeline' | 'gate'>,
  model: string,
  named: string | undefined,
  terms: CallTerms,
): Promise<ChosenVersion> {
  const { version, assignment } = await pipeline.choose(model, named, terms);
  // What was let through was the model's default; a variant may be another version.
  gate.permit(terms, 'explain', version);
  return {
    version,
    headers: assignment === undefined ? {} : { [headers.variant]: assignment.variant },
  };
}
