/** Feeds FLV to a video element: mpegts.js remuxes it for Media Source Extensions. */
import { type FlvTracks, tagBytes } from "./flv-tags.ts";
import type { Library } from "./library.ts";
import type { StreamHead, Tagged } from "./rung-stream.ts";

type Player = ReturnType<Library["createPlayer"]>;
/** The part of a mpegts.js loader that receives bytes. */
type Deliver = (chunk: ArrayBuffer, byteStart: number, receivedLength?: number) => void;

/** Seconds of played media that stay in the buffer: the cleanup starts above `max` and keeps `min`. */
const BACK_BUFFER = { max: 30, min: 15 };

export type FeedEvents = {
  /**
   * The decoder has failed.
   * @param isCodec the browser cannot play this codec at all
   */
  readonly onError: (isCodec: boolean, detail: string) => void;
};

export class Feed {
  private readonly player: Player;
  private deliver: Deliver | null = null;
  private waiting: Uint8Array<ArrayBuffer>[] = [];
  private delivered = 0;

  /**
   * Takes the element.
   * @param startAt seconds after the first frame at which the picture begins; 0 for the first frame
   */
  constructor(mpegts: Library, video: HTMLVideoElement, startAt: number, events: FeedEvents) {
    this.player = mpegts.createPlayer(
      { type: "flv", isLive: true, url: "fed:" },
      {
        // The server has batched already; chunks go to the decoder as they arrive.
        enableStashBuffer: false,
        lazyLoad: false,
        // The player keeps to the live edge itself, for all engines alike.
        liveBufferLatencyChasing: false,
        autoCleanupSourceBuffer: true,
        autoCleanupMaxBackwardDuration: BACK_BUFFER.max,
        autoCleanupMinBackwardDuration: BACK_BUFFER.min,
        customLoader: loaderInto((deliver) => this.flow(deliver)),
      },
    );
    this.player.on(mpegts.Events.ERROR, (_type: string, detail: string, info: { msg?: string } | undefined) => {
      const message = `${detail} ${info?.msg ?? ""}`.trim();
      events.onError(/support|codec|mime/i.test(message), message);
    });
    if (startAt > 0)
      video.addEventListener(
        "loadedmetadata",
        () => {
          video.currentTime = startAt;
        },
        { once: true },
      );
    this.player.attachMediaElement(video);
    this.player.load();
  }

  /** Begins a stream: its header, its configurations, and its first frames. */
  begin(tracks: FlvTracks, { script, video, audio }: StreamHead, frames: readonly Tagged[]): void {
    const head = [script, video, audio].filter((tag) => tag !== null);
    this.send(tagBytes([...head, ...frames.map(({ tag }) => tag)], tracks));
  }

  push(tags: readonly Tagged[]): void {
    if (tags.length > 0) this.send(tagBytes(tags.map(({ tag }) => tag)));
  }

  /** Releases the element. */
  close(): void {
    this.deliver = null;
    this.waiting = [];
    this.player.destroy();
  }

  private flow(deliver: Deliver): void {
    this.deliver = deliver;
    for (const bytes of this.waiting) this.send(bytes);
    this.waiting = [];
  }

  private send(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.deliver) return void this.waiting.push(bytes);
    const start = this.delivered;
    this.delivered += bytes.length;
    this.deliver(bytes.buffer, start, this.delivered);
  }
}

/** A loader of mpegts.js that loads nothing: bytes are given to it. Its fields are those of the library's own loaders. */
function loaderInto(flow: (deliver: Deliver) => void) {
  return class {
    readonly _status = 0;
    readonly _needStash = false;
    readonly type = "feed";
    readonly needStashBuffer = false;
    status = 0;
    onContentLengthKnown = (): void => {};
    onURLRedirect = (): void => {};
    onDataArrival: Deliver = () => {};
    onError = (): void => {};
    onComplete = (): void => {};
    open(): void {
      this.status = LOADING;
      flow((...chunk) => this.onDataArrival(...chunk));
    }
    isWorking(): boolean {
      return this.status === LOADING;
    }
    abort(): void {
      this.status = 0;
    }
    destroy(): void {
      this.status = 0;
    }
  };
}

/** As mpegts.js numbers its states: bytes arrive. */
const LOADING = 2;
