interface Place<T> {
  item: T | undefined;
}

/**
 * A first-in, first-out queue: `shift`, and taking an item out of the middle, cost the same however
 * long it is.
 */
export class Fifo<T extends object> {
  private places: Place<T>[] = [];
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** @returns a function that takes the item out again, and tells whether it was still there. */
  push(item: T): () => boolean {
    const place: Place<T> = { item };
    this.places.push(place);
    this.count++;
    return () => {
      if (place.item === undefined) return false;
      place.item = undefined;
      this.count--;
      this.compact();
      return true;
    };
  }

  /** The item that `shift` would take. */
  first(): T | undefined {
    while (this.head < this.places.length) {
      const item = this.places[this.head]?.item;
      if (item !== undefined) return item;
      this.head++;
    }
    return undefined;
  }

  shift(): T | undefined {
    while (this.head < this.places.length) {
      const place = this.places[this.head++];
      const item = place?.item;
      if (place === undefined || item === undefined) continue;
      place.item = undefined;
      this.count--;
      this.compact();
      return item;
    }
    return undefined;
  }

  /** Compacting when more than half is spent keeps both memory and the cost per item bounded. */
  private compact(): void {
    if (this.places.length <= 64 || this.count * 2 >= this.places.length) return;
    this.places = this.places.filter(({ item }) => item !== undefined);
    this.head = 0;
  }
}
