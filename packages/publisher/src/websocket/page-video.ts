/** Takes the pictures of a track in the page, for browsers without MediaStreamTrackProcessor: a video element tells when there is a new one. */

export class PageVideo {
  private readonly video = document.createElement("video");
  private readonly onFrame: (frame: VideoFrame) => void;
  private isOver = false;

  /** @param onFrame gets each picture, and closes it */
  constructor(track: MediaStreamTrack, onFrame: (frame: VideoFrame) => void) {
    this.onFrame = onFrame;
    Object.assign(this.video, { muted: true, playsInline: true, srcObject: new MediaStream([track]) });
    void this.video.play().catch(() => {});
    this.next();
  }

  /** Gives the present picture: in a hidden tab the element does not tell of new ones. */
  give(): void {
    if (this.isOver || this.video.readyState < this.video.HAVE_CURRENT_DATA) return;
    this.onFrame(new VideoFrame(this.video, { timestamp: Math.round(performance.now() * 1000) }));
  }

  close(): void {
    this.isOver = true;
    this.video.srcObject = null;
  }

  private next(): void {
    this.video.requestVideoFrameCallback(() => {
      if (this.isOver) return;
      this.give();
      this.next();
    });
  }
}
