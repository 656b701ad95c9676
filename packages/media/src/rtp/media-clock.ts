/**
 * One clock for the tracks of a publisher: RTP times as milliseconds. By arrival until the first sender report of a track, from then on by the
 * sender's clock (RFC 3550 section 6.4.1), so that sound and picture stay together.
 */

export class MediaClock {
  /** A track's times. @param clockRate ticks per second */
  track(_clockRate: number): TrackClock {
    return new TrackClock();
  }
}

export class TrackClock {
  /** A sender report of this track. @param ntpMs milliseconds since 1970 by the sender's clock. @param timestamp 32 bits */
  reported(_ntpMs: number, _timestamp: number): void {}

  /**
   * Milliseconds of the publisher's clock, which begins at about 0 with the first unit of any track.
   * @param rtpTime ticks without wraps, of `ReceivedUnit`
   * @param arrivedAt milliseconds
   */
  toMs(_rtpTime: number, _arrivedAt: number): number {
    return 0;
  }
}
