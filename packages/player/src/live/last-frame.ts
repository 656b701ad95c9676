/** Shows the last frame on a canvas while the player loads the video again, instead of black. */
export class LastFrame {
  readonly canvas = document.createElement("canvas");

  constructor() {
    this.canvas.hidden = true;
  }

  /** Copies the frame that the video shows; without one, nothing changes. */
  capture(video: HTMLVideoElement): void {
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.canvas.width = videoWidth;
    this.canvas.height = videoHeight;
    try {
      this.canvas.getContext("2d")?.drawImage(video, 0, 0);
      this.canvas.hidden = false;
    } catch {
      // The browser forbids copying a frame of another origin.
      this.hide();
    }
  }

  hide(): void {
    this.canvas.hidden = true;
  }

  /** Hides it as soon as the video shows a frame. */
  hideBehind(video: HTMLVideoElement): void {
    if (this.canvas.hidden) return;
    if ("requestVideoFrameCallback" in video && video.videoWidth > 0) video.requestVideoFrameCallback(() => this.hide());
    else this.hide();
  }
}
