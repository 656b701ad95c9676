/** Maps the seconds of the sound that an engine was given to the stream's times: where the stream has a hole, or the job was moved to now, they differ. */
import { BYTES_PER_SECOND } from "./caption-engine.ts";

/** A smaller difference is the rounding of times to samples. */
const TOLERANCE_MS = 60;
/** Places that lines may still be of. */
const MAX_PLACES = 100;

export class SoundTimes {
  /** Where the times go on, in order: seconds of the sound, and milliseconds of the stream. */
  private places: { readonly seconds: number; readonly time: number }[] = [];
  private bytes = 0;

  /** The stream's time behind everything that was given, milliseconds. */
  get end(): number {
    return this.timeOf(this.bytes / BYTES_PER_SECOND);
  }

  /** The engine is given so many bytes of the stream's time, milliseconds. */
  gave(bytes: number, time: number): void {
    const seconds = this.bytes / BYTES_PER_SECOND;
    if (this.places.length === 0 || Math.abs(this.timeOf(seconds) - time) > TOLERANCE_MS) this.places.push({ seconds, time });
    if (this.places.length > MAX_PLACES) this.places.shift();
    this.bytes += bytes;
  }

  /** Milliseconds of the stream. */
  timeOf(seconds: number): number {
    const place = this.places.findLast((one) => one.seconds <= seconds) ?? this.places[0];
    return place ? place.time + (seconds - place.seconds) * 1000 : 0;
  }
}
