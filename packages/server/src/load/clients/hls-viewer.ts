/**
 * Watches a stream by HLS (RFC 8216bis) as players do: by whole segments from three target durations before the end, by parts with playlists that the
 * server holds back (low latency), or a recording from its beginning at the speed of its media. Media are counted, and not kept.
 */
import { PlaybackModel } from "../../operations/probe/playback-model.ts";
import { HttpLine, type LineAnswer } from "./http-line.ts";
import { firstRendition, type MediaPlaylist, readMediaPlaylist } from "./media-playlist.ts";
import { codeOf, targetOf, type Viewer, type ViewerOptions } from "./viewer.ts";

/** Media that players hold before they ask for more of a recording. */
const AHEAD_MS = 10_000;
/** Segments behind the end at which players begin (RFC 8216 section 6.3.3). */
const HOLD_BACK = 3;

class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

type Piece = { readonly uri: string; readonly seconds: number; readonly endUtc: number | null };

class HlsViewer {
  readonly playback = new PlaybackModel();
  private readonly options: ViewerOptions;
  private readonly isLowLatency: boolean;
  private readonly line: HttpLine;
  private readonly begun = performance.now();
  private isPlaying = false;
  /** Everything that was there when the viewer came has been loaded. */
  private isAtEnd = false;
  private isClosed = false;
  private map: string | null = null;
  /** The next segment, and the next of its parts. */
  private next: { msn: number; part: number } | null = null;
  private wake: (() => void) | null = null;
  bytes = 0;

  constructor(options: ViewerOptions, isLowLatency: boolean) {
    this.options = options;
    this.isLowLatency = isLowLatency;
    this.line = new HttpLine(() => targetOf(options.url));
  }

  async run(): Promise<void> {
    try {
      const first = await this.get(this.options.url);
      const rendition = firstRendition(first.body.toString());
      if (rendition === null) throw new Refused("empty-playlist");
      const address = new URL(rendition, this.options.url);
      while (!this.isClosed) if (await this.turn(address)) break;
      if (!this.isClosed) this.options.onEnd("ended");
    } catch (error) {
      if (!this.isClosed) this.options.onEnd(error instanceof Refused ? error.code : "broken");
    }
    this.close();
  }

  close(): void {
    this.isClosed = true;
    this.line.drop();
    this.wake?.();
  }

  /** Reads the playlist and the media that are new in it. @returns whether the stream has ended */
  private async turn(address: URL): Promise<boolean> {
    const asked = performance.now();
    const playlist = readMediaPlaylist((await this.get(this.reloadAddress(address))).body.toString("latin1"));
    if (playlist.map !== null && playlist.map !== this.map) {
      this.map = playlist.map;
      await this.fetchMedia(new URL(playlist.map, address));
    }
    const pieces = this.newPieces(playlist);
    for (const piece of pieces) {
      if (this.isClosed) return false;
      if (playlist.hasEnded) await this.waitForRoom();
      await this.fetchMedia(new URL(piece.uri, address));
      this.arrived(piece);
    }
    if (playlist.hasEnded) return true;
    this.isAtEnd = true;
    // A held playlist comes when there is something new; another is asked for once in a target duration, or twice where it had nothing.
    const pace = this.isLowLatency && playlist.canBlock ? 0 : playlist.targetSeconds * (pieces.length > 0 ? 1000 : 500);
    await this.pause(asked + pace - performance.now());
    return false;
  }

  private reloadAddress(address: URL): URL {
    if (!this.isLowLatency || this.next === null) return address;
    const url = new URL(address);
    url.searchParams.set("_HLS_msn", String(this.next.msn));
    url.searchParams.set("_HLS_part", String(this.next.part));
    return url;
  }

  private newPieces(playlist: MediaPlaylist): Piece[] {
    const { segments, hasEnded } = playlist;
    this.next ??= this.firstOf(playlist);
    if (!this.next) return [];
    const pieces: Piece[] = [];
    for (const { msn, uri, seconds, utc, parts } of segments) {
      if (msn < this.next.msn) continue;
      if (this.isLowLatency && !hasEnded && parts.length > 0) {
        let start = utc;
        for (const [i, part] of parts.entries()) {
          const endUtc: number | null = start === null ? null : start + part.seconds * 1000;
          if (msn > this.next.msn || i >= this.next.part) pieces.push({ uri: part.uri, seconds: part.seconds, endUtc });
          start = endUtc;
        }
        this.next = uri === null ? { msn, part: parts.length } : { msn: msn + 1, part: 0 };
      } else if (uri !== null) {
        pieces.push({ uri, seconds, endUtc: utc === null ? null : utc + seconds * 1000 });
        this.next = { msn: msn + 1, part: 0 };
      }
    }
    return pieces;
  }

  private firstOf({ segments, hasEnded }: MediaPlaylist): { msn: number; part: number } | null {
    if (hasEnded) return { msn: segments[0]?.msn ?? 0, part: 0 };
    if (!this.isLowLatency) {
      const whole = segments.filter(({ uri }) => uri !== null);
      const first = whole.at(-HOLD_BACK) ?? whole[0];
      return first ? { msn: first.msn, part: 0 } : null;
    }
    for (const { msn, parts } of segments.toReversed()) {
      const part = parts.findLastIndex(({ isIndependent }) => isIndependent);
      if (part >= 0) return { msn, part };
    }
    return null;
  }

  private arrived({ seconds, endUtc }: Piece): void {
    const now = performance.now();
    this.playback.piece(now, seconds * 1000);
    if (!this.isPlaying) {
      this.isPlaying = true;
      this.options.onFirstFrame(now - this.begun);
    }
    if (endUtc !== null && this.isAtEnd) this.options.onDelay(Math.max(0, performance.timeOrigin + now - endUtc));
  }

  /** A player of a recording does not load far ahead of what it shows. */
  private async waitForRoom(): Promise<void> {
    const { bufferMs } = this.playback.look(performance.now());
    if (bufferMs > AHEAD_MS) await this.pause(bufferMs - AHEAD_MS);
  }

  private async fetchMedia(url: URL): Promise<void> {
    const answer = await this.line.request({ method: "GET", path: url.pathname + url.search, countsOnly: true });
    this.bytes += answer.bytes;
    if (answer.status !== 200) throw new Refused(codeOf(answer.status, answer.body));
  }

  private async get(url: URL): Promise<LineAnswer> {
    const answer = await this.line.request({ method: "GET", path: url.pathname + url.search });
    if (answer.status !== 200) throw new Refused(codeOf(answer.status, answer.body));
    return answer;
  }

  private async pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0 || this.isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}

export function watchHls(options: ViewerOptions, isLowLatency: boolean): Viewer {
  const viewer = new HlsViewer(options, isLowLatency);
  void viewer.run();
  return { playback: viewer.playback, bytes: () => viewer.bytes, close: () => viewer.close() };
}
