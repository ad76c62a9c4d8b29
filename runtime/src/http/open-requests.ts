/** Counts the requests that came in and are not answered yet. */
export class OpenRequests {
  private count = 0;
  private whenNone: (() => void) | undefined;

  began(): void {
    this.count++;
  }

  /** A request is answered, or its caller gone. */
  ended(): void {
    this.count--;
    if (this.count === 0) this.whenNone?.();
  }

  /** Resolves once every request is answered, or its caller gone. */
  async none(): Promise<void> {
    while (this.count > 0) {
      await new Promise<void>((resolve) => {
        this.whenNone = resolve;
      });
    }
  }
}
