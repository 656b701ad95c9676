/** Composes pictures in the page, for browsers whose workers cannot: on a canvas, when the worker says so. */
import { type Corner, composeLayout, type Place, type Size } from "./compose-layout.ts";
import type { ShownSource } from "./compose-messages.ts";

export class PageComposer {
  readonly stream: MediaStream;
  private readonly canvas = document.createElement("canvas");
  private readonly videos: { readonly [what in ShownSource]: HTMLVideoElement } = { camera: video(), screen: video() };
  private readonly maxWidth: number;
  corner: Corner | null;

  constructor(fps: number, maxWidth: number, corner: Corner | null) {
    this.maxWidth = maxWidth;
    this.corner = corner;
    this.draw();
    this.stream = this.canvas.captureStream(fps);
  }

  show(what: ShownSource, track: MediaStreamTrack | null): void {
    const element = this.videos[what];
    element.srcObject = track && new MediaStream([track]);
    if (track) void element.play().catch(() => {});
  }

  /** To be called for each picture. */
  draw(): void {
    const { camera, screen } = this.videos;
    const { picture, ...places } = composeLayout(sizeOf(screen), sizeOf(camera), this.corner, this.maxWidth);
    if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) Object.assign(this.canvas, picture);
    const context = this.canvas.getContext("2d", { alpha: false });
    const put = (element: HTMLVideoElement, place: Place | null): void => {
      if (place) context?.drawImage(element, place.x, place.y, place.width, place.height);
    };
    put(screen, places.screen);
    put(camera, places.camera);
  }

  close(): void {
    for (const what of ["camera", "screen"] as const) this.show(what, null);
    for (const track of this.stream.getTracks()) track.stop();
  }
}

function video(): HTMLVideoElement {
  return Object.assign(document.createElement("video"), { muted: true, playsInline: true });
}

/** Null while it has no picture. */
function sizeOf({ srcObject, videoWidth: width, videoHeight: height }: HTMLVideoElement): Size | null {
  return srcObject && width > 0 ? { width, height } : null;
}
