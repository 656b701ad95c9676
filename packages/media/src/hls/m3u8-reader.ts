/**
 * Reads playlists of HLS: RFC 8216 and its second edition. What a reader of whole segments needs; parts and hints of low latency are left out.
 */
import { Malformed } from "../bytes/malformed.ts";

export type Playlist = MultivariantPlaylist | SegmentPlaylist;

export type MultivariantPlaylist = {
  readonly kind: "multivariant";
  readonly variants: readonly {
    readonly uri: string;
    readonly bandwidth: number;
    readonly codecs: string | null;
    /** Group of its sound; null: the sound is in the variant. */
    readonly audio: string | null;
  }[];
  /** Renditions of sound. Without an address, the sound is in the variants. */
  readonly sounds: readonly { readonly group: string; readonly uri: string | null; readonly isDefault: boolean }[];
};

export type SegmentPlaylist = {
  readonly kind: "segments";
  /** Seconds. */
  readonly targetDuration: number;
  readonly segments: readonly PlaylistEntry[];
  /** Nothing more will be added. */
  readonly ended: boolean;
};

export type ByteRange = { readonly from: number; readonly length: number };

export type PlaylistEntry = {
  readonly uri: string;
  /** Media sequence number. */
  readonly sequence: number;
  /** Seconds. */
  readonly duration: number;
  /** Its times, or its coding, do not go on from the segment before. */
  readonly discontinuity: boolean;
  readonly range: ByteRange | null;
  /** Its initialisation segment. */
  readonly map: { readonly uri: string; readonly range: ByteRange | null } | null;
  readonly key: SegmentKey | null;
  /** It is absent from the server. */
  readonly gap: boolean;
};

export type SegmentKey = {
  readonly method: string;
  readonly uri: string | null;
  /** 16 bytes in hexadecimal; null: the media sequence number. */
  readonly iv: string | null;
  readonly format: string;
};

const ATTRIBUTE = /([A-Z0-9-]+)=("[^"]*"|[^",]*)(?:,|$)/g;
/** A key that is in force, which the next one of its kind replaces. */
type State = { map: PlaylistEntry["map"]; key: SegmentKey | null; rangeEnd: number };

/** Reads a playlist of either kind. `Malformed` when it is none. Addresses stay as they are written. */
export function readPlaylist(text: string): Playlist | Malformed {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  if (lines[0]?.trim() !== "#EXTM3U") return new Malformed("this is no playlist of HLS");
  return lines.some((line) => line.startsWith("#EXT-X-STREAM-INF:")) ? readVariants(lines) : readSegments(lines);
}

function readVariants(lines: readonly string[]): MultivariantPlaylist {
  const variants: MultivariantPlaylist["variants"][number][] = [];
  const sounds: MultivariantPlaylist["sounds"][number][] = [];
  let next: ReadonlyMap<string, string> | null = null;
  for (const line of lines.map((each) => each.trim())) {
    if (line.startsWith("#EXT-X-STREAM-INF:")) next = attributesOf(line);
    else if (line.startsWith("#EXT-X-MEDIA:")) {
      const of = attributesOf(line);
      if (of.get("TYPE") !== "AUDIO") continue;
      sounds.push({ group: of.get("GROUP-ID") ?? "", uri: of.get("URI") ?? null, isDefault: of.get("DEFAULT") === "YES" });
    } else if (line !== "" && !line.startsWith("#") && next) {
      const bandwidth = Number(next.get("BANDWIDTH") ?? 0) || 0;
      variants.push({ uri: line, bandwidth, codecs: next.get("CODECS") ?? null, audio: next.get("AUDIO") ?? null });
      next = null;
    }
  }
  return { kind: "multivariant", variants, sounds };
}

function readSegments(lines: readonly string[]): SegmentPlaylist | Malformed {
  const segments: PlaylistEntry[] = [];
  const state: State = { map: null, key: null, rangeEnd: 0 };
  let targetDuration = 0;
  let sequence = 0;
  let ended = false;
  let pending = { duration: 0, discontinuity: false, gap: false, range: null as ByteRange | null };
  for (const line of lines.map((each) => each.trim())) {
    const [tag = "", value = ""] = splitTag(line);
    if (line === "") continue;
    if (!line.startsWith("#")) {
      segments.push({ ...pending, uri: line, sequence: sequence + segments.length, map: state.map, key: state.key });
      pending = { duration: 0, discontinuity: false, gap: false, range: null };
    } else if (tag === "#EXTINF") pending.duration = Number.parseFloat(value) || 0;
    else if (tag === "#EXT-X-TARGETDURATION") targetDuration = Number.parseFloat(value) || 0;
    else if (tag === "#EXT-X-MEDIA-SEQUENCE") sequence = Number.parseInt(value, 10) || 0;
    else if (tag === "#EXT-X-DISCONTINUITY") pending.discontinuity = true;
    else if (tag === "#EXT-X-GAP") pending.gap = true;
    else if (tag === "#EXT-X-ENDLIST") ended = true;
    else if (tag === "#EXT-X-BYTERANGE") {
      pending.range = rangeOf(value, state.rangeEnd);
      state.rangeEnd = pending.range ? pending.range.from + pending.range.length : 0;
    } else readState(tag, line, state);
  }
  if (!(targetDuration > 0)) return new Malformed("a playlist without a target duration");
  return { kind: "segments", targetDuration, segments, ended };
}

/** What holds for all segments that follow. */
function readState(tag: string, line: string, state: State): void {
  if (tag !== "#EXT-X-MAP" && tag !== "#EXT-X-KEY") return;
  const of = attributesOf(line);
  if (tag === "#EXT-X-MAP") {
    const uri = of.get("URI");
    state.map = uri === undefined ? null : { uri, range: rangeOf(of.get("BYTERANGE") ?? "", 0) };
    return;
  }
  const method = of.get("METHOD") ?? "NONE";
  const key = { method, uri: of.get("URI") ?? null, iv: of.get("IV") ?? null, format: of.get("KEYFORMAT") ?? "identity" };
  state.key = method === "NONE" ? null : key;
}

/** Section 4.3.2.2: without an offset, it begins behind the one before. */
function rangeOf(text: string, after: number): ByteRange | null {
  const [, length, from] = /^(\d+)(?:@(\d+))?$/.exec(text.trim()) ?? [];
  return length === undefined ? null : { from: from === undefined ? after : Number(from), length: Number(length) };
}

function splitTag(line: string): readonly [string, string] {
  const at = line.indexOf(":");
  return at === -1 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

function attributesOf(line: string): ReadonlyMap<string, string> {
  const [, list] = splitTag(line);
  return new Map([...list.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name, value.replace(/^"(.*)"$/, "$1")]));
}
