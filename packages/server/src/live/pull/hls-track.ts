/** Follows a playlist of HLS (RFC 8216 section 6.3) and gives its segments, decrypted, one after the other. */
import { createDecipheriv } from "node:crypto";
import {
  type ByteRange,
  Malformed,
  type Playlist,
  type PlaylistEntry,
  readPlaylist,
  type SegmentKey,
  type SegmentPlaylist,
} from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import { GetError, type GetOptions, httpGetWhole } from "./http-get.ts";

export type HlsFetch = {
  readonly get: GetOptions;
  readonly clock: Clock;
  /** Bytes have come. */
  readonly onHeard: () => void;
};

export type HlsPiece = {
  readonly bytes: Buffer;
  /** Its initialisation segment; null where it has none. */
  readonly map: Buffer | null;
  /** Its times or its coding do not go on from the piece before. */
  readonly begins: boolean;
};

const LIMITS = { playlistBytes: 4 << 20, segmentBytes: 128 << 20, playlistMs: 8000, segmentMs: 20_000 } as const;
/** Of live ones, the last so many target durations are played: section 6.3.3. */
const START_DURATIONS = 3;
/** A request is tried so often. */
const TRIES = { playlist: 5, segment: 3 } as const;
const TRY_AGAIN_MS = 1000;
const KEY_SIZE = 16;

export async function fetchPlaylist(
  url: URL,
  { get, onHeard }: HlsFetch,
): Promise<{ readonly url: URL; readonly playlist: Playlist }> {
  const answer = await httpGetWhole(url, get, LIMITS.playlistBytes, LIMITS.playlistMs);
  onHeard();
  const playlist = readPlaylist(answer.bytes.toString("utf8"));
  if (playlist instanceof Malformed) throw new GetError({ code: "not-media", detail: playlist.rule });
  return { url: answer.url, playlist };
}

/** What a playlist says where, by an address of it. @throws GetError for one that is not of HTTP */
export function resolveUri(uri: string, base: URL): URL {
  if (!URL.canParse(uri, base.href)) throw new GetError({ code: "not-media", detail: "A playlist names what is no address." });
  const url = new URL(uri, base.href);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new GetError({ code: "not-allowed", detail: `A playlist names an address of ${url.protocol}` });
  if (url.origin === base.origin && url.username === "") {
    url.username = base.username;
    url.password = base.password;
  }
  return url;
}

/** Ends with the playlist. @param onTarget is told the target duration, seconds, and whether the playlist is a recording. @throws GetError */
export async function* followPlaylist(
  from: URL,
  options: HlsFetch,
  onTarget: (seconds: number, ended: boolean) => void,
): AsyncGenerator<HlsPiece> {
  const segments = new SegmentLoader(options);
  let next: number | null = null;
  let lastMap: string | null = null;
  let begins = true;
  for (;;) {
    const requestedAt = options.clock.monotonic();
    const { url, list } = await loadSegments(from, options, next === null);
    onTarget(list.targetDuration, list.ended);
    const found = entriesFrom(list, next);
    if (found.restarted) begins = true;
    for (const entry of found.entries) {
      next = entry.sequence + 1;
      begins ||= entry.discontinuity || mapName(entry) !== lastMap;
      if (entry.gap) continue;
      lastMap = mapName(entry);
      yield { ...(await segments.load(entry, url)), begins };
      begins = false;
    }
    if (list.ended) return;
    // Section 6.3.4: sooner when nothing was new.
    const waitMs = list.targetDuration * 1000 * (found.entries.length > 0 ? 1 : 0.5);
    await wait(options, Math.max(0, requestedAt + waitMs - options.clock.monotonic()));
  }
}

async function loadSegments(from: URL, options: HlsFetch, isFirst: boolean): Promise<{ url: URL; list: SegmentPlaylist }> {
  const { url, playlist } = await tryAgain(options, isFirst ? 1 : TRIES.playlist, () => fetchPlaylist(from, options));
  if (playlist.kind !== "segments") throw new GetError({ code: "not-media", detail: "A playlist of playlists names another one." });
  return { url, list: playlist };
}

function entriesFrom(
  { segments, ended, targetDuration }: SegmentPlaylist,
  next: number | null,
): { entries: readonly PlaylistEntry[]; restarted: boolean } {
  const first = segments[0]?.sequence ?? 0;
  // Numbers that go back: the origin has begun again.
  const restarted = next !== null && segments.length > 0 && first + segments.length < next;
  if (next !== null && !restarted) return { entries: segments.filter(({ sequence }) => sequence >= next), restarted: false };
  if (ended && next === null) return { entries: segments, restarted: false };
  let start = segments.length;
  let seconds = 0;
  while (start > 0 && seconds < START_DURATIONS * targetDuration) seconds += segments[--start]?.duration ?? 0;
  return { entries: segments.slice(start), restarted };
}

function mapName({ map }: PlaylistEntry): string | null {
  return map && `${map.uri} ${map.range?.from ?? ""}`;
}

class SegmentLoader {
  private readonly options: HlsFetch;
  /** The newest of each; they seldom change. */
  private map: { readonly name: string; readonly bytes: Buffer } | null = null;
  private key: { readonly uri: string; readonly bytes: Buffer } | null = null;

  constructor(options: HlsFetch) {
    this.options = options;
  }

  async load(entry: PlaylistEntry, base: URL): Promise<{ bytes: Buffer; map: Buffer | null }> {
    const map = entry.map && (await this.loadMap(entry.map, base));
    const bytes = await this.fetch(entry.uri, entry.range, base);
    return { bytes: entry.key ? await this.decrypt(bytes, entry.key, entry.sequence, base) : bytes, map };
  }

  private async loadMap({ uri, range }: NonNullable<PlaylistEntry["map"]>, base: URL): Promise<Buffer> {
    const name = `${uri} ${range?.from ?? ""}`;
    if (this.map?.name !== name) this.map = { name, bytes: await this.fetch(uri, range, base) };
    return this.map.bytes;
  }

  /** Section 5.2: AES-128 in CBC mode, of whole segments. */
  private async decrypt(bytes: Buffer, { method, uri, iv, format }: SegmentKey, sequence: number, base: URL): Promise<Buffer> {
    if (method !== "AES-128" || uri === null || format !== "identity")
      throw new GetError({ code: "unsupported", detail: `Segments are encrypted by ${method}; only AES-128 is read.` });
    if (this.key?.uri !== uri) this.key = { uri, bytes: await this.fetch(uri, null, base) };
    const vector = Buffer.alloc(KEY_SIZE);
    if (iv === null) vector.writeUInt32BE(sequence >>> 0, KEY_SIZE - 4);
    else vector.write(iv.replace(/^0x/i, "").padStart(KEY_SIZE * 2, "0"), "hex");
    try {
      const decipher = createDecipheriv("aes-128-cbc", this.key.bytes, vector);
      return Buffer.concat([decipher.update(bytes), decipher.final()]);
    } catch (cause) {
      throw new GetError({ code: "not-media", detail: "A segment cannot be decrypted." }, { cause });
    }
  }

  private async fetch(uri: string, range: ByteRange | null, base: URL): Promise<Buffer> {
    const url = resolveUri(uri, base);
    const { get, onHeard } = this.options;
    const { bytes } = await tryAgain(this.options, TRIES.segment, () =>
      httpGetWhole(url, { ...get, range }, LIMITS.segmentBytes, LIMITS.segmentMs),
    );
    onHeard();
    // A server that ignores the range gives everything.
    return range && bytes.length > range.length ? bytes.subarray(range.from, range.from + range.length) : bytes;
  }
}

async function tryAgain<T>(options: HlsFetch, tries: number, work: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      const isFinal = error instanceof GetError && error.problem.code !== "unreachable" && error.problem.code !== "no-such-stream";
      if (left <= 0 || isFinal || options.get.signal.aborted) throw error;
      await wait(options, TRY_AGAIN_MS);
    }
  }
}

/** @throws the signal's reason */
function wait({ clock, get: { signal } }: HlsFetch, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(milliseconds, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
