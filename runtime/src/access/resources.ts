interface Closeable {
  close(): void | Promise<void>;
}

/** What was opened and has to be closed again. */
export class Resources implements Closeable {
  private readonly parts: Closeable[] = [];

  keep<T extends Closeable>(part: T): T {
    this.parts.push(part);
    return part;
  }

  async close(): Promise<void> {
    for (const part of this.parts.splice(0)) await part.close();
  }
}
