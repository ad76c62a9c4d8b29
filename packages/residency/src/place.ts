import type { PlaceFact } from './facts/place-fact';
import { places } from './facts/places';
import { nearest } from './nearest';
import { ResidencyError } from './residency-error';

/** A cloud region that the dated table in `facts/places.ts` knows. */
export type CloudPlace = keyof typeof places;

/** A building of one's own, named by its owner; its zone says which jurisdiction it stands in. */
export type OnPremPlace = `onprem:${string}`;

/**
 * A cloud-qualified location: `aws:me-central-1`, `azure:uaenorth`, `onprem:abu-dhabi-1`. Region names
 * collide between clouds, so a bare region is neither typed nor accepted.
 */
export type Place = CloudPlace | OnPremPlace;

export function isOnPrem(place: Place): place is OnPremPlace {
  return place.startsWith('onprem:');
}

/**
 * @throws ResidencyError `bare-region` for a region without its cloud, naming every cloud that has one
 * of that name; `unknown-place` for anything else that is not in the table.
 */
export function parsePlace(text: string): Place {
  if (Object.hasOwn(places, text)) return text as CloudPlace;
  if (/^onprem:[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)) return text as OnPremPlace;
  if (!text.includes(':')) throw bareRegion(text);
  const cloud = cloudOf(text);
  if (cloud === 'onprem') {
    throw unknownPlace(
      `expected "onprem:" and a name of lower-case letters, digits and "-", received "${text}"`,
    );
  }
  if (!clouds.includes(cloud)) {
    throw unknownPlace(
      `expected a place of ${clouds.join(', ')} or onprem, received "${text}"` +
        didYouMean(lookalikes(text)),
    );
  }
  throw unknownRegion(text, cloud);
}

const cloudPlaces: readonly string[] = Object.keys(places);
const clouds = [...new Set(cloudPlaces.map(cloudOf))];

function unknownRegion(text: string, cloud: string): ResidencyError {
  const siblings = cloudPlaces.filter((place) => cloudOf(place) === cloud);
  const alike = lookalikes(text);
  const inCloud = alike.filter((place) => siblings.includes(place));
  const elsewhere = alike.filter((place) => !siblings.includes(place));
  const meant = inCloud.length > 0 ? inCloud : nearest(text, siblings);
  const inUae = siblings.filter((place) => factOf(place).country === 'AE');
  const uae = inUae.length > 0 ? `in the UAE: ${inUae.join(', ')}` : 'none is in the UAE';
  const taken = elsewhere.map((place) => `"${place}" is ${factOf(place).name}`).join(', ');
  return unknownPlace(
    `expected one of the ${siblings.length} regions of ${cloud} that are known (${uae}), received "${text}"` +
      didYouMean(meant) +
      (taken === '' ? '' : `${meant.length > 0 ? '' : '.'} Not to be confused: ${taken}`),
  );
}

function bareRegion(text: string): ResidencyError {
  const hint =
    didYouMean(lookalikes(text)) ||
    '; write it as "<cloud>:<region>", or "onprem:<name>" for a site of your own';
  return new ResidencyError('bare-region', `place: "${text}" names no cloud${hint}`);
}

function unknownPlace(message: string): ResidencyError {
  return new ResidencyError('unknown-place', `place: ${message}`);
}

/** Places of any cloud whose region is the same but for hyphens and case: they get taken for another. */
function lookalikes(text: string): readonly string[] {
  const wanted = bare(text);
  return cloudPlaces.filter((place) => bare(place) === wanted);
}

function bare(place: string): string {
  return place
    .slice(place.indexOf(':') + 1)
    .toLowerCase()
    .replaceAll('-', '');
}

function didYouMean(candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const named = candidates.map((place) => `"${place}" (${factOf(place).name})`);
  return `; did you mean ${named.join(' or ')}?`;
}

function cloudOf(place: string): string {
  return place.slice(0, place.indexOf(':'));
}

function factOf(place: string): PlaceFact {
  return places[place as CloudPlace];
}

/** ISO country code and name of a cloud region; `undefined` for one's own building. */
export function placeFact(place: Place): PlaceFact | undefined {
  return isOnPrem(place) ? undefined : places[place];
}
