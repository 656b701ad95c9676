/** The last picture, which stays while the connection is made anew. */
export class LastFrame {
  readonly canvas = document.createElement("canvas");

  constructor() {
    this.canvas.hidden = true;
  }

  keep(video: HTMLVideoElement): void {
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.canvas.width = videoWidth;
    this.canvas.height = videoHeight;
    try {
      this.canvas.getContext("2d")?.drawImage(video, 0, 0);
      this.canvas.hidden = false;
    } catch {
      // A picture of another origin may not be copied; then there is none to keep.
      this.forget();
    }
  }

  forget(): void {
    this.canvas.hidden = true;
  }
}
