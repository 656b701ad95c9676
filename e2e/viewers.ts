/**
 * Provides simulated viewers that behave as players do: each uses one protocol, and reconnects to the next candidate server when it is disconnected.
 * They measure what a person would notice: how long no new media came, and which media never came.
 */
import { get } from "node:http";
import { FlvReader, type FlvTag, Malformed, MESSAGE_TYPE, parseVideoTag } from "@lectern/media";
import { type Playlist, readPlaylist } from "./hls-reader.ts";
import { RtmpClient } from "./rtmp-client.ts";

/** low: HTTP-FLV in small batches. */
export type Protocol = "flv" | "low" | "ws" | "rtmp" | "hls";
/** Where a viewer can watch. */
export type Place = { readonly http: string; readonly rtmpPort: number };

export type Seen = {
  readonly protocol: Protocol;
  /** Milliseconds for which nothing new came, the longest. */
  longestGapMs: number;
  /** Times that it came again. */
  reconnects: number;
  /** Frames of FLV and RTMP, parts of HLS. */
  pieces: number;
  /** Pieces that it never got, between others that it got. */
  lost: number;
  /** Milliseconds by which it has fallen behind since it is measured; 0 for HLS. */
  behindMs: number;
  /** Different epochs of the stream, where the protocol shows them. */
  readonly epochs: Set<string>;
};

/** Players wait so long before they come again, at first and at most. */
const AGAIN_MS = { first: 100, most: 1000 } as const;
/** A player that gets nothing for so long tries the next server. */
const PATIENCE_MS = 2500;

/** Asked each time that it comes. */
export type Places = () => readonly Place[] | Promise<readonly Place[]>;

/**
 * One place after the other, as a dispatch centre names them for one viewer; when there are no more, it is asked again. The ports are the
 * same everywhere.
 */
export function dispatchedTo(dispatch: string, stream: string, protocol: Protocol, rtmpPort: number): Places {
  let next: Place[] = [];
  const ask = async (): Promise<Place[]> => {
    const asked = new URLSearchParams({ stream, protocol: protocol === "low" ? "flv" : protocol });
    const answer = await fetch(`${dispatch}?${asked}`).catch(() => null);
    if (!answer?.ok) return [];
    const { candidates } = (await answer.json()) as { candidates: { url: string }[] };
    return candidates.map(({ url }) => ({ http: `http://${new URL(url).hostname}:${new URL(dispatch).port}`, rtmpPort }));
  };
  return async () => {
    if (next.length === 0) next = await ask();
    return next.splice(0, 1);
  };
}

export class Viewer {
  readonly seen: Seen;
  /** Where it watches, or tries to. */
  host: string | null = null;
  private readonly places: Places;
  private readonly name: string;
  private readonly abort = new AbortController();
  private turn: number;
  private newestAt: number | null = null;
  private newest = Number.NEGATIVE_INFINITY;
  private frameMs = Number.POSITIVE_INFINITY;
  /** The last part that it has: segment and part. */
  private part: { readonly msn: number; readonly part: number } | null = null;
  private measuredFrom = 0;
  /** The newest frame then, milliseconds of the stream. */
  private measuredAt = 0;

  /** @param first which of the places it comes to first */
  constructor(protocol: Protocol, places: Places, name: string, first = 0) {
    this.seen = { protocol, longestGapMs: 0, reconnects: 0, pieces: 0, lost: 0, behindMs: 0, epochs: new Set() };
    this.places = places;
    this.name = name;
    this.turn = first;
    void this.watch();
  }

  /** Forgets what was so far: from now on it is measured. */
  measure(): void {
    this.measuredFrom = performance.now();
    this.newestAt = this.measuredFrom;
    this.measuredAt = this.newest;
    Object.assign(this.seen, { longestGapMs: 0, reconnects: 0, lost: 0 });
  }

  /** The longest gap, with the one that has not ended. */
  look(): Seen {
    const open = this.newestAt === null ? 0 : performance.now() - this.newestAt;
    const behind = performance.now() - this.measuredFrom - (this.newest - this.measuredAt);
    const behindMs = this.measuredFrom > 0 && Number.isFinite(behind) ? Math.max(0, behind) : 0;
    return { ...this.seen, behindMs, longestGapMs: Math.max(this.seen.longestGapMs, open) };
  }

  close(): void {
    this.abort.abort();
  }

  private async watch(): Promise<void> {
    const { signal } = this.abort;
    let wait: number = AGAIN_MS.first;
    while (!signal.aborted) {
      const places = await this.places();
      const place = places[this.turn % Math.max(1, places.length)];
      const before = this.seen.pieces;
      this.host = place ? new URL(place.http).hostname : null;
      if (place) await this.watchAt(place).catch(() => {});
      if (signal.aborted) return;
      this.turn++;
      this.seen.reconnects++;
      wait = this.seen.pieces > before ? AGAIN_MS.first : Math.min(AGAIN_MS.most, wait * 2);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** Ends when the connection does, or nothing comes any more. */
  private watchAt(place: Place): Promise<void> {
    const { protocol } = this.seen;
    const own = new AbortController();
    const stop = () => own.abort();
    this.abort.signal.addEventListener("abort", stop);
    let pieces = this.seen.pieces;
    const watchdog = setInterval(() => {
      if (this.seen.pieces === pieces) stop();
      pieces = this.seen.pieces;
    }, PATIENCE_MS);
    const watching =
      protocol === "flv" || protocol === "low"
        ? this.byFlv(place, own.signal)
        : protocol === "ws"
          ? this.byWebSocket(place, own.signal)
          : protocol === "rtmp"
            ? this.byRtmp(place, own.signal)
            : this.byHls(place, own.signal);
    return watching.finally(() => {
      clearInterval(watchdog);
      this.abort.signal.removeEventListener("abort", stop);
    });
  }

  private byFlv({ http }: Place, signal: AbortSignal): Promise<void> {
    const reader = new FlvReader({ onTag: (tag) => this.takeTag(tag), maxTagBytes: 1 << 24 });
    return new Promise((resolve, reject) => {
      const request = get(
        `${http}/live/${this.name}.flv${this.seen.protocol === "low" ? "?delay=low" : ""}`,
        { signal, agent: false },
        (response) => {
          if (response.statusCode !== 200) {
            response.resume();
            return reject(new Error(`answered ${response.statusCode}`));
          }
          response.on("data", (bytes: Buffer) => reader.push(bytes));
          response.on("close", resolve);
          response.on("error", () => resolve());
        },
      );
      request.on("error", reject);
    });
  }

  private byWebSocket({ http }: Place, signal: AbortSignal): Promise<void> {
    const reader = new FlvReader({ onTag: (tag) => this.takeTag(tag), maxTagBytes: 1 << 24 });
    return new Promise((resolve) => {
      const socket = new WebSocket(`${http.replace("http", "ws")}/live/${this.name}.flv`);
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => reader.push(new Uint8Array(data));
      socket.onclose = () => resolve();
      socket.onerror = () => resolve();
      signal.addEventListener("abort", () => {
        socket.close();
        resolve();
      });
    });
  }

  private async byRtmp({ http, rtmpPort }: Place, signal: AbortSignal): Promise<void> {
    const client = await RtmpClient.open(rtmpPort, "live", new URL(http).hostname);
    const take = () => {
      for (const { type, timestamp, payload } of client.messages.splice(0))
        if (type === MESSAGE_TYPE.video) this.takeVideo(timestamp, payload);
    };
    const closed = new Promise<void>((resolve) => client.socket.once("close", () => resolve()));
    signal.addEventListener("abort", () => client.socket.destroy());
    try {
      // The answer to play is one of the messages; afterwards they are all taken.
      const code = await Promise.race([client.play(this.name), closed.then(() => "closed")]);
      if (code !== "NetStream.Play.Start") return;
      client.socket.on("data", () => queueMicrotask(take));
      await closed;
    } finally {
      client.socket.destroy();
    }
  }

  private async byHls({ http }: Place, signal: AbortSignal): Promise<void> {
    const first = await this.text(`${http}/live/${this.name}.m3u8`, signal);
    const uri = first.text.split("\n").find((line) => line !== "" && !line.startsWith("#"));
    if (!uri) throw new Error("a playlist of nothing");
    const base = new URL(uri, first.url);
    let playlist = readPlaylist((await this.text(base, signal)).text);
    while (!signal.aborted) {
      await this.takeParts(playlist, base, signal);
      if (playlist.ended) return;
      const last = playlist.segments.at(-1);
      const open = last?.uri === null ? last : null;
      const next = open ? { msn: open.msn, part: open.parts.length } : { msn: (last?.msn ?? 0) + 1, part: 0 };
      playlist = readPlaylist((await this.text(`${base}?_HLS_msn=${next.msn}&_HLS_part=${next.part}`, signal)).text);
    }
  }

  private async takeParts({ segments }: Playlist, base: URL, signal: AbortSignal): Promise<void> {
    const { part: known } = this;
    // A player begins with what is newest.
    const from = known ?? { msn: segments.at(-1)?.msn ?? 0, part: -1 };
    for (const { msn, parts } of segments) {
      for (const [part, { uri }] of parts.entries()) {
        if (msn < from.msn || (msn === from.msn && part <= from.part)) continue;
        const answer = await fetch(new URL(uri, base), { signal });
        if (!answer.ok) throw new Error(`answered ${answer.status}`);
        await answer.arrayBuffer();
        if (this.part && msn > this.part.msn + 1) this.seen.lost++;
        this.part = { msn, part };
        const epoch = /\/([^/]+)\/[^/]+$/.exec(new URL(uri, base).pathname)?.[1];
        if (epoch) this.seen.epochs.add(epoch);
        this.seen.pieces++;
        this.isNew();
      }
    }
  }

  private async text(url: string | URL, signal: AbortSignal): Promise<{ readonly text: string; readonly url: string }> {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    return { text: await answer.text(), url: answer.url };
  }

  private takeTag({ type, timestamp, body }: FlvTag): void {
    if (type === MESSAGE_TYPE.video) this.takeVideo(timestamp, body);
  }

  private takeVideo(timestamp: number, data: Uint8Array): void {
    const packet = parseVideoTag(data);
    if (packet instanceof Malformed || packet.kind !== "frame") return;
    this.seen.pieces++;
    if (timestamp <= this.newest) return;
    const step = timestamp - this.newest;
    if (Number.isFinite(step)) {
      if (step > this.frameMs * 1.6) this.seen.lost += Math.round(step / this.frameMs) - 1;
      this.frameMs = Math.min(this.frameMs, Math.max(step, 10));
    }
    this.newest = timestamp;
    this.isNew();
  }

  private isNew(): void {
    const now = performance.now();
    if (this.newestAt !== null) this.seen.longestGapMs = Math.max(this.seen.longestGapMs, now - this.newestAt);
    this.newestAt = now;
  }
}
