import * as messages from '@pulumi/pulumi/proto/provider_pb';
import { type Change, pathText } from './changes';

/** What an update would change, and what of that it takes another resource for. */
export interface Difference {
  readonly changes: readonly Change[];
  readonly replaces: readonly Change[];
  readonly deleteBeforeReplace: boolean;
}

const { DiffChanges } = messages.DiffResponse;
const { Kind } = messages.PropertyDiff;

export function diffResponse(found: Difference): messages.DiffResponse {
  const response = new messages.DiffResponse()
    .setChanges(changesOf(found.changes.length))
    .setReplacesList(found.replaces.map(({ path }) => pathText(path)))
    .setDeletebeforereplace(found.deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const change of found.changes) {
    const isReplacing = found.replaces.includes(change);
    response.getDetaileddiffMap().set(pathText(change.path), propertyDiff(change, isReplacing));
  }
  return response;
}

export function changesOf(count: number): messages.DiffResponse.DiffChanges {
  return count > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE;
}

const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

function propertyDiff({ kind }: Change, isReplacing: boolean): messages.PropertyDiff {
  const [inPlace, replacing] = kinds[kind];
  return new messages.PropertyDiff().setKind(isReplacing ? replacing : inPlace).setInputdiff(true);
}
