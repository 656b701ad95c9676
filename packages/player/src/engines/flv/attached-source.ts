/** Provides a MediaSource in a video element. iPhones, which have only its managed kind, play HLS by themselves. */

/** Whether the browser plays what is appended, in the codecs that every stream can have. */
export function isSupported(): boolean {
  return isPlayableType('video/mp4; codecs="avc1.42E01E,mp4a.40.2"');
}

/** @param type with its codecs: RFC 6381 */
export function isPlayableType(type: string): boolean {
  return "MediaSource" in globalThis && MediaSource.isTypeSupported(type);
}

export class AttachedSource {
  readonly video: HTMLVideoElement;
  private readonly source: MediaSource;
  private readonly address: string;

  /** Takes the element. */
  constructor(video: HTMLVideoElement) {
    this.video = video;
    this.source = new MediaSource();
    this.address = URL.createObjectURL(this.source);
    video.src = this.address;
  }

  /** Calls once buffers can be added: now, or later. */
  whenOpen(call: () => void): void {
    if (this.isOpen) call();
    else this.source.addEventListener("sourceopen", call, { once: true });
  }

  get isOpen(): boolean {
    return this.source.readyState === "open";
  }

  /** Throws where the browser does not play the type after all. */
  addBuffer(type: string): SourceBuffer {
    return this.source.addSourceBuffer(type);
  }

  /** Releases the element. */
  release(): void {
    this.video.removeAttribute("src");
    this.video.load();
    URL.revokeObjectURL(this.address);
  }
}
