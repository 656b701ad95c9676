/**
 * Copies of the tracks that are sent by WebRTC: a copy is muted without muting the page's own view of the camera. A copy lives on when the page stops its
 * track, and would keep the camera's light on: so it is stopped when its original is over.
 */

const LOOK_MS = 1000;

export class OwnTracks {
  private copies: { readonly original: MediaStreamTrack; readonly copy: MediaStreamTrack }[] = [];
  private readonly timer = setInterval(() => this.look(), LOOK_MS);

  /** The copy of the first track of a kind that is live; null: there is none. */
  take(stream: MediaStream, kind: "audio" | "video"): MediaStreamTrack | null {
    const original = stream.getTracks().find((track) => track.kind === kind && track.readyState === "live");
    if (!original) return null;
    const copy = original.clone();
    // A clone does not have it in every browser.
    copy.contentHint = original.contentHint;
    this.copies.push({ original, copy });
    return copy;
  }

  mute(muted: { readonly audio: boolean; readonly video: boolean }): void {
    for (const { copy } of this.copies) copy.enabled = copy.kind === "audio" ? !muted.audio : !muted.video;
  }

  /** Stops copies that are not sent any more. */
  release(isSent: (track: MediaStreamTrack) => boolean): void {
    this.copies = this.copies.filter(({ copy }) => {
      if (isSent(copy)) return true;
      copy.stop();
      return false;
    });
  }

  close(): void {
    clearInterval(this.timer);
    this.release(() => false);
  }

  private look(): void {
    for (const { original, copy } of this.copies) if (original.readyState === "ended") copy.stop();
  }
}
