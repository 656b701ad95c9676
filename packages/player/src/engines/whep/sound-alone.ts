/** Finds that a connection brings sound and no picture, as of a person with a microphone alone: an element shows and plays nothing while it waits for a first picture. */

/** A picture comes within this after the sound, where there is one; milliseconds. */
const PICTURE_WITHIN_MS = 1000;

/** A track from elsewhere is muted until something of it comes (W3C WebRTC 1.0 section 5.3). */
const comes = ({ muted }: Pick<MediaStreamTrack, "muted">): boolean => !muted;

export function hasVideo(stream: Pick<MediaStream, "getVideoTracks">): boolean {
  return stream.getVideoTracks().some(comes);
}

export class SoundAlone {
  private withoutMs = 0;

  /** Called some times a second. Gives the sound, where it has come alone for long enough. @param passedMs since the last call */
  look(stream: Pick<MediaStream, "getVideoTracks" | "getAudioTracks">, passedMs: number): readonly MediaStreamTrack[] | null {
    const sound = stream.getAudioTracks().filter(comes);
    this.withoutMs = sound.length > 0 && !hasVideo(stream) ? this.withoutMs + passedMs : 0;
    return this.withoutMs >= PICTURE_WITHIN_MS ? sound : null;
  }
}
