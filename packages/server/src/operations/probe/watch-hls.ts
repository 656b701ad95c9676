/**
 * Watches HLS by whole segments (RFC 8216), three segments behind the newest one as players without low latency do. Chooses the rendition of the
 * highest bandwidth. Encrypted segments are fetched and not decoded.
 */
import { Malformed, type PlaylistEntry, readPlaylist, type SegmentPlaylist } from "@lectern/media";
import { systemClock } from "../../platform/clock.ts";
import { type Exchange, ExchangeError, exchange, readBody } from "./http-exchange.ts";
import type { Stop, Watch } from "./watch.ts";

const MAX_PLAYLIST_BYTES = 1024 * 1024;
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
const START_SEGMENTS = 3;
const LEAST_POLL_MS = 250;
const DATE_TIME = /#EXT-X-PROGRAM-DATE-TIME:(\S+)/;

class StopError extends Error {
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop.detail);
    this.stop = stop;
  }
}

/** Null: it went on until the time was over. */
export async function watchHls(first: Exchange, url: URL, watch: Watch): Promise<Stop | null> {
  try {
    return await new HlsWatch(watch).run(first, url);
  } catch (error) {
    if (watch.signal.aborted) return null;
    if (error instanceof StopError) return error.stop;
    if (error instanceof ExchangeError) return { code: "unreachable", detail: error.message };
    throw error;
  }
}

class HlsWatch {
  private readonly watch: Watch;
  private next: number | null = null;
  private map = "";
  /** Media that has arrived, in all. */
  private mediaMs = 0;
  /** Where the first segment begins: real time, milliseconds since 1970. */
  private startedAt: number | null = null;

  constructor(watch: Watch) {
    this.watch = watch;
  }

  async run(first: Exchange, from: URL): Promise<Stop | null> {
    const { clock, signal } = this.watch;
    let { url, text } = { url: from, text: await this.textOf(first) };
    const top = read(text);
    this.watch.hasVideo = true;
    if (top.kind === "multivariant") {
      const best = [...top.variants].sort((a, b) => b.bandwidth - a.bandwidth)[0];
      if (!best) throw new StopError({ code: "no-media", detail: "The playlist lists no rendition." });
      this.watch.hasVideo = best.codecs === null || /avc|hvc|hev|av01|vp0/.test(best.codecs);
      url = new URL(best.uri, from);
      text = await this.textOf(await this.get(url));
    }
    while (!signal.aborted) {
      const playlist = read(text);
      if (playlist.kind !== "segments") throw new StopError({ code: "no-media", detail: "A rendition is no media playlist." });
      const count = await this.take(playlist, text, url);
      if (playlist.ended) return { code: "ended", detail: "The playlist says that the stream is over." };
      // RFC 8216, 6.3.4: a target duration after a change, half of it without one.
      if (count === 0) await clock.sleep(Math.max(LEAST_POLL_MS, playlist.targetDuration * 500));
      if (signal.aborted) return null;
      text = await this.textOf(await this.get(url));
    }
    return null;
  }

  /** Fetches the segments that are new. @returns how many */
  private async take({ segments }: SegmentPlaylist, text: string, url: URL): Promise<number> {
    const { watch } = this;
    this.next ??= segments.at(-START_SEGMENTS)?.sequence ?? segments[0]?.sequence ?? null;
    const wanted = segments.filter(({ sequence }) => this.next !== null && sequence >= this.next);
    for (const segment of wanted) {
      if (watch.signal.aborted) break;
      const missed = segment.sequence - (this.next ?? segment.sequence);
      if (missed > 0) watch.playback.lost(missed * segment.duration * 1000);
      this.next = segment.sequence + 1;
      if (segment.gap) {
        watch.playback.lost(segment.duration * 1000);
        continue;
      }
      await this.fetchSegment(segment, url);
      this.startedAt ??= dateTimeOf(text, segment.uri);
      this.mediaMs += segment.duration * 1000;
      watch.begun();
      watch.playback.piece(watch.clock.now(), segment.duration * 1000);
      if (this.startedAt !== null) {
        const { bufferMs } = watch.playback.look(watch.clock.now());
        watch.behindMs = Math.round(systemClock.utc() - (this.startedAt + this.mediaMs - bufferMs));
      }
    }
    return wanted.length;
  }

  private async fetchSegment({ uri, map, key }: PlaylistEntry, url: URL): Promise<void> {
    const { watch } = this;
    if (key !== null) watch.decodable = false;
    if (map && map.uri !== this.map) {
      this.map = map.uri;
      await this.fetchBytes(new URL(map.uri, url));
    }
    await this.fetchBytes(new URL(uri, url));
  }

  private async fetchBytes(url: URL): Promise<void> {
    const { watch } = this;
    const bytes = await readBody(await this.get(url), MAX_SEGMENT_BYTES, watch.clock);
    watch.bytes += bytes.length;
    if (watch.decodable) watch.decode(bytes);
  }

  private async get(url: URL): Promise<Exchange> {
    const { clock, signal } = this.watch;
    const answer = await exchange(url, { clock, signal });
    if (answer.status === 200 || answer.status === 206) return answer;
    answer.body.destroy();
    const file = url.pathname.split("/").at(-1);
    throw new StopError({ code: "http-error", detail: `${file} was answered with HTTP ${answer.status}.` });
  }

  private async textOf(answer: Exchange): Promise<string> {
    const bytes = await readBody(answer, MAX_PLAYLIST_BYTES, this.watch.clock);
    this.watch.bytes += bytes.length;
    return bytes.toString();
  }
}

/** @throws StopError */
function read(text: string): Exclude<ReturnType<typeof readPlaylist>, Malformed> {
  const playlist = readPlaylist(text);
  if (playlist instanceof Malformed) throw new StopError({ code: "no-media", detail: `This is not HLS: ${playlist.rule}.` });
  return playlist;
}

/** When a segment begins, where the playlist says so just before it. */
function dateTimeOf(text: string, uri: string): number | null {
  const before =
    text
      .slice(0, text.indexOf(`\n${uri}`))
      .split(/\n(?!#)/)
      .at(-1) ?? "";
  const [, at] = DATE_TIME.exec(before) ?? [];
  const time = at === undefined ? Number.NaN : Date.parse(at);
  return Number.isNaN(time) ? null : time;
}
