/**
 * Time that 99% of requests wait for a worker at most, in service times.
 *
 * Requests come at random (Poisson) into one queue of `workers` workers, and take equally long:
 * M/D/c. There is no closed form; this is half the wait of M/M/c, whose tail is known (Erlang C):
 *
 *     P(wait > t) = C(c, a) e^-2(c - a)t        wait99 = ½ x,  x = ln(C(c, a) / 0.01) / (c - a)
 *
 * with `a` workers busy on average; but for waits of less than a service, 1 - e^-x: what is left of a
 * run that is under way is any part of it, P(wait > t) = C(c, a) (1 - t)^(c - a). A test holds it to a
 * simulation, which it exceeds by up to a fifth. Bursts that are no Poisson stream (a batch job that fires a thousand requests at once)
 * wait longer; so do requests of unequal size, at most twice as long where sizes are exponential.
 *
 * @param load workers that are busy on average: requests a second times service time in seconds
 */
export function waitOf99(workers: number, load: number): number {
  if (load >= workers) return Infinity;
  const waiting = probabilityOfWaiting(workers, load);
  const x = Math.max(0, Math.log(waiting / 0.01) / (workers - load));
  return Math.max(1 - Math.exp(-x), x / 2);
}

/** Time that requests wait for a worker on average, in service times: half of that of M/M/c, too. */
export function meanWait(workers: number, load: number): number {
  if (load >= workers) return Infinity;
  return probabilityOfWaiting(workers, load) / (2 * (workers - load));
}

/** Erlang C: the share of requests that find every worker busy. By the recursion of Erlang B. */
function probabilityOfWaiting(workers: number, load: number): number {
  let blocked = 1;
  for (let c = 1; c <= workers; c++) blocked = (load * blocked) / (c + load * blocked);
  return blocked / (1 - (load / workers) * (1 - blocked));
}
