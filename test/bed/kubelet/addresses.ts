/** Addresses of pods out of 10.244.0.0/16, none of them twice. */
export class PodAddresses {
  private given = 0;

  next(): string {
    // Every last byte but 0 and 255, which some take for a network and for everybody in it.
    const [high, low] = [Math.floor(this.given / 254), this.given % 254];
    if (high > 255) throw new Error('there are no more addresses for pods');
    this.given++;
    return `10.244.${high}.${low + 1}`;
  }
}
