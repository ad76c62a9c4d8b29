import { knownTraffic, type ScalingDemand, type ScalingPlan } from '../../../src';
import type { Rate } from './simulate';

interface Piece {
  readonly until: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Traffic that does its worst within what a demand says of it: surges of the full factor in just that
 * time, each after a rest of at least a reaction; between them falls at once or slowly, never below the
 * quietest.
 */
export function surgingTraffic(
  demand: ScalingDemand,
  { reactionSeconds }: ScalingPlan,
  seconds: number,
  random: () => number,
): Rate {
  const { peak, quiet, surge } = knownTraffic(demand);
  const pieces: Piece[] = [];
  let rate = quiet + (peak - quiet) * random() ** 2;
  let until = 0;
  const add = (length: number, to: number) => {
    until += length;
    pieces.push({ until, from: rate, to });
    rate = to;
  };
  while (until < seconds) {
    add(reactionSeconds * (1 + random()), rate);
    if (random() < 0.65 && rate < peak) {
      add(surge.withinSeconds, Math.min(peak, rate * surge.factor));
    } else {
      add(random() < 0.5 ? 1 : 300 * random() + 1, Math.max(quiet, rate * random()));
    }
  }
  return along(pieces);
}

/** A day of an office in the Gulf: a morning and an afternoon, quiet nights, and surges out of nowhere. */
export function burstyDay(demand: ScalingDemand, random: () => number): Rate {
  const { peak, quiet, surge } = knownTraffic(demand);
  const day = (second: number): number => {
    const hour = second / 3600;
    const bump = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
    return quiet + (peak * 0.5 - quiet) * Math.min(1, bump(10.5, 2.2) + 0.8 * bump(15.5, 2));
  };
  const bursts = Array.from({ length: 14 }, () => 3600 * (0.5 + 23 * random())).sort(
    (a, b) => a - b,
  );
  const holds = bursts.map(() => 120 + 600 * random());
  const rises = bursts.map(() => 1 + (surge.factor - 1) * (0.5 + 0.5 * random()));
  return (second) => {
    const factors = bursts.map((start, i) => {
      const since = second - start;
      const [hold, rise] = [holds[i] ?? 0, rises[i] ?? 1];
      if (since < 0 || since > hold + 2 * surge.withinSeconds) return 1;
      if (since < surge.withinSeconds) return 1 + ((rise - 1) * since) / surge.withinSeconds;
      if (since < surge.withinSeconds + hold) return rise;
      return 1 + (rise - 1) * (1 - (since - surge.withinSeconds - hold) / surge.withinSeconds);
    });
    return Math.min(peak, day(second) * Math.max(...factors));
  };
}

function along(pieces: readonly Piece[]): Rate {
  return (second) => {
    let start = 0;
    for (const { until, from, to } of pieces) {
      if (second < until) return from + ((to - from) * (second - start)) / (until - start);
      start = until;
    }
    return pieces.at(-1)?.to ?? 0;
  };
}
