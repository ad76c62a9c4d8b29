/** Where events go. Nothing waits for it: what it cannot take is dropped, and counted. */
export interface EventSink {
  write(event: string): void;
  close(): Promise<void>;
}
