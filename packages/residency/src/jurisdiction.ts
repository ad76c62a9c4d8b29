import { idOf } from './id-of';
import { ResidencyError } from './residency-error';

export type JurisdictionId = 'AE-onshore' | 'DIFC' | 'ADGM';

/**
 * The legal boundary that data stays in. Not the same as geography: the free zones DIFC and ADGM lie
 * inside the UAE, yet for their data-protection laws onshore UAE is abroad.
 */
export class Jurisdiction {
  /** The UAE outside its financial free zones: Federal Decree-Law 45/2021 and sector law. */
  static readonly AE_ONSHORE = new Jurisdiction('AE-onshore', 'United Arab Emirates, onshore');
  /** Dubai International Financial Centre: Data Protection Law 5/2020. */
  static readonly DIFC = new Jurisdiction('DIFC', 'Dubai International Financial Centre');
  /** Abu Dhabi Global Market: Data Protection Regulations 2021. */
  static readonly ADGM = new Jurisdiction('ADGM', 'Abu Dhabi Global Market');

  static readonly all: readonly Jurisdiction[] = [
    Jurisdiction.AE_ONSHORE,
    Jurisdiction.DIFC,
    Jurisdiction.ADGM,
  ];

  private constructor(
    readonly id: JurisdictionId,
    readonly title: string,
  ) {}

  /** Known by its id, so that two copies of this package agree; a bare text is none. */
  static isJurisdiction(x: unknown): x is Jurisdiction {
    return Jurisdiction.all.some((j) => j.id === idOf(x));
  }

  /** @throws ResidencyError for an id that is none of the three. */
  static of(id: string): Jurisdiction {
    const found = Jurisdiction.all.find((j) => j.id === id);
    if (found === undefined) {
      const known = Jurisdiction.all.map((j) => j.id).join(', ');
      throw new ResidencyError(
        'unknown-jurisdiction',
        `jurisdiction: expected one of ${known}, received "${id}"`,
      );
    }
    return found;
  }

  toString(): string {
    return this.id;
  }
}
