import { errors } from '../errors';
import { copy, copyOne, type Numbers } from './elements';
import type { Evaluation } from './evaluation';

/** Rows that stand for "the feature is not known", with the share of each; the shares add up to 1. */
export interface Background {
  /** Row after row. */
  readonly data: Numbers;
  readonly weights: readonly number[];
}

/** On which scale the model's output is shared out. */
export type Link = 'identity' | 'logit';

/** Elements of the row that are one feature. */
export type Feature = readonly number[];

export interface GameOptions {
  /** The explained row. */
  readonly row: Numbers;
  readonly features: readonly Feature[];
  readonly background: Background;
  readonly link: Link;
}

/** Values of the coalitions that were evaluated before time ran out. */
export interface CoalitionValues {
  readonly values: Float64Array<ArrayBuffer>;
  readonly known: number;
}

/**
 * The game whose players are features: a coalition is worth what the model gives on average where its
 * features are the row's and all others come from the background.
 */
export class CoalitionGame {
  /** Features that differ from the background somewhere; of the others nothing depends on who has them. */
  readonly players: readonly number[];

  constructor(
    private readonly evaluation: Evaluation,
    private readonly options: GameOptions,
  ) {
    this.players = playersOf(options);
  }

  /** Rows that one coalition takes. */
  get rowsPerCoalition(): number {
    return this.options.background.weights.length;
  }

  /** A value of the model on the scale of the link. @throws ServingError */
  scaled(value: number): number {
    const scaled = this.options.link === 'identity' ? value : Math.log(value / (1 - value));
    if (Number.isFinite(scaled)) return scaled;
    throw errors.explanationNotFinite(
      this.options.link === 'logit' && value >= 0 && value <= 1
        ? `${value}, which link "logit" makes infinite; use "identity"`
        : `${value}${this.options.link === 'logit' ? ', which is no probability as link "logit" takes it' : ''}`,
    );
  }

  /**
   * @param has - whether a coalition has a player, by its place in `players`.
   * @throws ServingError EXPLANATION_NOT_FINITE, or whatever kept the rows from being run.
   */
  async values(
    coalitions: number,
    has: (coalition: number, player: number) => boolean,
  ): Promise<CoalitionValues> {
    const { row, features, background } = this.options;
    const { weights } = background;
    const values = new Float64Array(coalitions);
    let members: readonly number[] = [];
    let membersOf = -1;
    const ran = await this.evaluation.rows(
      coalitions * weights.length,
      (index, into, at) => {
        const coalition = Math.floor(index / weights.length);
        if (membersOf !== coalition) {
          members = this.players.flatMap((player, place) =>
            has(coalition, place) ? (features[player] ?? []) : [],
          );
          membersOf = coalition;
        }
        copy(background.data, (index % weights.length) * row.length, row.length, into, at);
        for (const element of members) copyOne(row, element, into, at + element);
      },
      (index, value) => {
        const coalition = Math.floor(index / weights.length);
        const place = index % weights.length;
        const sum = (values[coalition] ?? 0) + (weights[place] ?? 0) * value;
        values[coalition] = place === weights.length - 1 ? this.scaled(sum) : sum;
      },
    );
    return { values, known: Math.floor(ran / weights.length) };
  }
}

function playersOf({ row, features, background: { data, weights } }: GameOptions): number[] {
  return features.flatMap((elements, feature) => {
    const varies = elements.some((element) =>
      weights.some((_, b) => !Object.is(data[b * row.length + element], row[element])),
    );
    return varies ? [feature] : [];
  });
}
