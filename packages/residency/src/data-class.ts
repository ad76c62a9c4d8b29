import { idOf } from './id-of';
import { ResidencyError } from './residency-error';

export type DataClassId = 'personal' | 'health' | 'financial' | 'government' | 'public';

/** What kind of data flows; decides which law applies to it. */
export class DataClass {
  /** Data about an identified or identifiable person. */
  static readonly PERSONAL = new DataClass('personal', 'personal data');
  /** Health information: ICT Health Law 2/2019. */
  static readonly HEALTH = new DataClass('health', 'health data');
  /** Consumer and transaction data of a licensed financial institution: CBUAE. */
  static readonly FINANCIAL = new DataClass('financial', 'financial consumer data');
  /** Data of a government entity or of critical information infrastructure. */
  static readonly GOVERNMENT = new DataClass('government', 'government data');
  /** Data that anybody may have. No rule restricts its place; the zone still does. */
  static readonly PUBLIC = new DataClass('public', 'public data');

  static readonly all: readonly DataClass[] = [
    DataClass.PERSONAL,
    DataClass.HEALTH,
    DataClass.FINANCIAL,
    DataClass.GOVERNMENT,
    DataClass.PUBLIC,
  ];

  private constructor(
    readonly id: DataClassId,
    readonly title: string,
  ) {}

  /** Known by its id, so that two copies of this package agree; a bare text is none. */
  static isDataClass(x: unknown): x is DataClass {
    return DataClass.all.some((c) => c.id === idOf(x));
  }

  /** @throws ResidencyError for an unknown id. */
  static of(id: string): DataClass {
    const found = DataClass.all.find((c) => c.id === id);
    if (found === undefined) {
      const known = DataClass.all.map((c) => c.id).join(', ');
      throw new ResidencyError(
        'unknown-data-class',
        `data class: expected one of ${known}, received "${id}"`,
      );
    }
    return found;
  }

  toString(): string {
    return this.id;
  }
}
