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

/**
 * mpegts.js remuxes what it is given at once, and appends it to the element's buffers in microtasks, in which it may find that the element has failed.
 * If it were destroyed before they are over, they would throw. So each delivery is a task of its own, and so is what is told of an error: nothing
 * of the player runs between a delivery and its last microtask.
 */
export class Feed {
  private readonly player: Player;
  private readonly tasks = new MessageChannel();
  private deliver: Deliver | null = null;
  private waiting: Uint8Array<ArrayBuffer>[] = [];
  private failure: { readonly isCodec: boolean; readonly detail: string } | null = null;
  private delivered = 0;
  private closed = false;

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
      this.failure ??= { isCodec: /support|codec|mime/i.test(message), detail: message };
      this.wake();
    });
    this.tasks.port1.onmessage = () => this.work(events);
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
    if (this.closed) return;
    this.closed = true;
    this.tasks.port1.close();
    this.deliver = null;
    this.waiting = [];
    this.player.destroy();
  }

  private flow(deliver: Deliver): void {
    this.deliver = deliver;
    if (this.waiting.length > 0) this.wake();
  }

  private send(bytes: Uint8Array<ArrayBuffer>): void {
    this.waiting.push(bytes);
    if (this.deliver && this.waiting.length === 1) this.wake();
  }

  private wake(): void {
    if (!this.closed) this.tasks.port2.postMessage(null);
  }

  private work({ onError }: FeedEvents): void {
    const { deliver, failure, waiting } = this;
    if (this.closed) return;
    if (failure) {
      this.failure = null;
      return onError(failure.isCodec, failure.detail);
    }
    if (!deliver) return;
    this.waiting = [];
    for (const bytes of waiting) {
      const start = this.delivered;
      this.delivered += bytes.length;
      deliver(bytes.buffer, start, this.delivered);
    }
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
