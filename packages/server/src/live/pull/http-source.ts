/** Pulls by HTTP: FLV is read here, HLS by `hls-source.ts`, and MPEG-TS goes through ffmpeg. What it is, its first bytes tell. */
import type { IncomingMessage } from "node:http";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { type FfmpegEvents, type FfmpegSource, startFfmpeg } from "./ffmpeg-source.ts";
import { flvMessages } from "./flv-messages.ts";
import { openHls } from "./hls-source.ts";
import { GetError, httpGet } from "./http-get.ts";
import { messageOf, type Source, type SourceContext } from "./source.ts";
import { SourcePacer } from "./source-pacer.ts";

const HEAD_WITHIN_MS = 8000;
const SYNC_BYTE = 0x47;
const PLAYLIST = "#EXTM3U";
/**
 * A live stream begins with the seconds that its origin has kept. What is further ahead of real time is a recording, and is slowed down; or a
 * live stream whose origin's clock is a little fast.
 */
const AHEAD_MS = 15_000;
const HURRY_ABOVE_MS = AHEAD_MS + 1000;
const FULL_AT_MS = 5000;

/** What the bytes go to, once it is known what they are. */
type Reader = {
  readonly push: (bytes: Buffer) => JobProblem | null;
  /** The answer is complete. */
  readonly end: () => void;
};

export function openHttp(url: URL, context: SourceContext, events: FfmpegEvents, encodeSound: boolean): Source {
  // Playlists are fetched again and again; one request less.
  if (/\.m3u8?$/i.test(url.pathname)) return openHls(url, context, events, encodeSound);
  const source = new HttpSource(url, context, events, encodeSound);
  void source.run();
  return source;
}

class HttpSource implements Source {
  private readonly url: URL;
  private readonly context: SourceContext;
  private readonly events: FfmpegEvents;
  private readonly encodeSound: boolean;
  private readonly abort = new AbortController();
  private pacer: SourcePacer | null = null;
  /** Of MPEG-TS and HLS. */
  private inner: Source | null = null;
  private reader: Reader | null = null;
  private head: Buffer = Buffer.alloc(0);

  constructor(url: URL, context: SourceContext, events: FfmpegEvents, encodeSound: boolean) {
    this.url = url;
    this.context = context;
    this.events = events;
    this.encodeSound = encodeSound;
  }

  close(): void {
    this.abort.abort();
    this.inner?.close();
    this.pacer?.close();
  }

  pid(): number | null {
    return this.inner?.pid() ?? null;
  }

  async run(): Promise<void> {
    const { isAllowed } = this.context;
    try {
      const { body } = await httpGet(this.url, { isAllowed, withinMs: HEAD_WITHIN_MS, signal: this.abort.signal });
      for await (const bytes of body) {
        this.events.onHeard();
        if (!this.take(bytes, body)) return;
      }
      if (this.reader) this.reader.end();
      else this.end({ code: "not-media", detail: "The answer is empty." });
    } catch (error) {
      const isBegun = this.reader !== null;
      this.end(error instanceof GetError ? error.problem : { code: isBegun ? "ended" : "unreachable", detail: messageOf(error) });
    }
  }

  /** False when the body is not read any more. */
  private take(bytes: Buffer, body: IncomingMessage): boolean {
    this.head = this.reader ? bytes : Buffer.concat([this.head, bytes]);
    if (this.head.length < PLAYLIST.length) return true;
    if (!this.reader && this.head.subarray(0, PLAYLIST.length).toString("latin1") === PLAYLIST) {
      this.inner = openHls(this.url, this.context, this.events, this.encodeSound);
      return false;
    }
    this.reader ??= this.readerOf(this.head, body);
    const problem = this.reader ? this.reader.push(this.head) : NOT_MEDIA;
    if (problem) this.end(problem);
    return !problem && !this.abort.signal.aborted;
  }

  private readerOf(head: Buffer, body: IncomingMessage): Reader | null {
    const isFlv = head.subarray(0, 3).toString("latin1") === "FLV";
    if (!isFlv && head[0] !== SYNC_BYTE) return null;
    const pacer = new SourcePacer({
      clock: this.context.clock,
      aheadMs: AHEAD_MS,
      hurryAboveMs: HURRY_ABOVE_MS,
      fullAtMs: FULL_AT_MS,
      onMessage: this.events.onMessage,
      onFull: (isFull) => void (isFull ? body.pause() : body.resume()),
    });
    this.pacer = pacer;
    return isFlv ? this.flvReader(pacer) : this.transportStreamReader(pacer);
  }

  private flvReader(pacer: SourcePacer): Reader {
    const push = flvMessages((message) => pacer.push(message));
    return {
      push: (bytes) => {
        const broken = push(bytes);
        return broken && { code: "not-media", detail: broken.rule };
      },
      end: () => pacer.drained(() => this.end({ code: "ended", detail: "The origin ended the stream." })),
    };
  }

  private transportStreamReader(pacer: SourcePacer): Reader {
    const args = [
      "-analyzeduration",
      "3000000",
      "-fpsprobesize",
      "0",
      "-f",
      "mpegts",
      "-protocol_whitelist",
      "pipe",
      "-i",
      "pipe:0",
    ];
    const program: FfmpegSource = startFfmpeg(
      this.context,
      { args, encodeSound: this.encodeSound },
      {
        onHeard: () => {},
        onMessage: (message) => pacer.push(message),
        onEnd: (problem) => pacer.drained(() => this.end(problem)),
        onUnsupportedSound: () => {
          if (this.abort.signal.aborted) return;
          this.close();
          this.events.onUnsupportedSound();
        },
      },
    );
    this.inner = program;
    const [stdin] = program.inputs;
    return {
      push: (bytes) => {
        stdin?.write(bytes);
        return null;
      },
      end: () => stdin?.end(),
    };
  }

  private end(problem: JobProblem): void {
    if (this.abort.signal.aborted) return;
    this.close();
    this.events.onEnd(problem);
  }
}

const NOT_MEDIA: JobProblem = { code: "not-media", detail: "It is neither FLV, HLS nor MPEG-TS." };
