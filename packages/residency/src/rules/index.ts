import type { Rule } from '../rule';
import { adgmTransferBasis } from './adgm-transfer-basis';
import { difcTransferBasis } from './difc-transfer-basis';
import { financialDataHasBackup } from './financial-data-has-backup';
import { financialDataStaysInUae } from './financial-data-stays-in-uae';
import { flowIsDeclared } from './flow-is-declared';
import { flowStaysInZone } from './flow-stays-in-zone';
import { healthDataStaysInUae } from './health-data-stays-in-uae';
import { knownHostIsInZone } from './known-host-is-in-zone';
import { pdplTransferBasis } from './pdpl-transfer-basis';
import { personalDataIsEncrypted } from './personal-data-is-encrypted';
import { uriMatchesPlace } from './uri-matches-place';

/** Every rule, in the order in which their findings are listed: the zone's own, then the law's. */
export const rules: readonly Rule[] = [
  flowIsDeclared,
  flowStaysInZone,
  knownHostIsInZone,
  uriMatchesPlace,
  pdplTransferBasis,
  difcTransferBasis,
  adgmTransferBasis,
  healthDataStaysInUae,
  financialDataStaysInUae,
  financialDataHasBackup,
  personalDataIsEncrypted,
];
