import { ConnectionFault, errorCode } from './fault';

/** How often a client may end a stream, or misuse it: as many as nghttp2 allows, which is much for a real one. */
const burst = 1000;
const aSecond = 33;

/**
 * Counts streams that were begun for nothing. To begin and end them costs a client next to nothing, and the
 * server its work (CVE-2023-44487, "rapid reset", and CVE-2025-8671).
 */
export class Strikes {
  private left = burst;

  /** @throws ConnectionFault ENHANCE_YOUR_CALM once there are too many. */
  add(): void {
    if (--this.left < 0) {
      throw new ConnectionFault(errorCode.enhanceYourCalm, 'too many streams are given up');
    }
  }

  /** To be called once a second. */
  forgive(): void {
    this.left = Math.min(burst, this.left + aSecond);
  }
}
