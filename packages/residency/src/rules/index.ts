import type { Rule } from '../rule';
import { addressRangeIsPlausible } from './address-range-is-plausible';
import { adgmTransferBasis } from './adgm-transfer-basis';
import { difcTransferBasis } from './difc-transfer-basis';
import { financialDataHasBackup } from './financial-data-has-backup';
import { financialDataStaysInUae } from './financial-data-stays-in-uae';
import { flowCanBeJudged } from './flow-can-be-judged';
import { flowIsDeclared } from './flow-is-declared';
import { flowStaysInZone } from './flow-stays-in-zone';
import { governmentDataLocation } from './government-data-location';
import { healthDataStaysInUae } from './health-data-stays-in-uae';
import { knownHostIsInZone } from './known-host-is-in-zone';
import { pdplTransferBasis } from './pdpl-transfer-basis';
import { personalDataIsEncrypted } from './personal-data-is-encrypted';
import { uriMatchesPlace } from './uri-matches-place';

/** Every rule, in the order in which their findings are listed: the zone's own, then the law's. */
export const rules: readonly Rule[] = [
  flowCanBeJudged,
  flowIsDeclared,
  flowStaysInZone,
  knownHostIsInZone,
  uriMatchesPlace,
  addressRangeIsPlausible,
  pdplTransferBasis,
  difcTransferBasis,
  adgmTransferBasis,
  healthDataStaysInUae,
  financialDataStaysInUae,
  financialDataHasBackup,
  governmentDataLocation,
  personalDataIsEncrypted,
];
