/** Implements playlists of HTTP Live Streaming: RFC 8216, and draft-pantos-hls-rfc8216bis ("bis") for low latency. */

/** A part of a segment: bis section 4.4.4.9. */
export type PlaylistPart = {
  readonly uri: string;
  /** Seconds. */
  readonly duration: number;
  /** True when it begins with a frame that can be decoded alone. */
  readonly independent: boolean;
};

/** How a segment and its parts are encrypted: METHOD=AES-128, section 4.3.2.4. */
export type PlaylistKey = {
  readonly uri: string;
  /** Initialisation vector, 32 hexadecimal digits. */
  readonly iv: string;
};

export type PlaylistSegment = {
  /** Null for the segment that is still being written, which has parts only. */
  readonly uri: string | null;
  /** Seconds. */
  readonly duration: number;
  /** Real time of its first frame, milliseconds since 1970. */
  readonly utc: number;
  /** Counts the discontinuities from the beginning of the stream to this segment. */
  readonly discontinuity: number;
  /** Its initialisation segment, which is never encrypted. */
  readonly map: string;
  /** Null or absent: the segment is not encrypted. */
  readonly key?: PlaylistKey | null;
  /** Those that are to be listed. */
  readonly parts: readonly PlaylistPart[];
};

export type MediaPlaylist = {
  /** EXT-X-TARGETDURATION, whole seconds. */
  readonly targetSeconds: number;
  /** PART-TARGET, seconds. */
  readonly partTarget: number;
  /** Media sequence number of the first segment. */
  readonly mediaSequence: number;
  readonly segments: readonly PlaylistSegment[];
  /** The part that comes next, which may be asked for already; null when there will be none. */
  readonly preloadHint: string | null;
  /** Older segments than this many seconds before the end may be left out of a delta update; null when there are none. */
  readonly skipUntil: number | null;
  /** Segments that are left out of this one: a delta update. */
  readonly skipped: number;
  readonly ended: boolean;
};

type StoredPlaylistSegment = Omit<PlaylistSegment, "parts" | "map"> & { readonly map: string | null };

/** Complete segments, no parts: of a recording, or of subtitles, whose segments need no initialisation. */
export type StoredPlaylist = {
  /** VOD: it never changes. EVENT: segments are only added. Null: a window that moves on. */
  readonly type: "VOD" | "EVENT" | null;
  readonly targetSeconds: number;
  readonly mediaSequence: number;
  /** True when each segment can be decoded alone. */
  readonly independent: boolean;
  readonly segments: readonly StoredPlaylistSegment[];
  readonly ended: boolean;
};

/** One rung of a multivariant playlist: section 4.3.4.2. */
export type Variant = {
  readonly uri: string;
  /** Peak and average bits a second, of whole segments. */
  readonly bandwidth: number;
  readonly averageBandwidth: number;
  /** RFC 6381. */
  readonly codecs: readonly string[];
  readonly resolution: { readonly width: number; readonly height: number } | null;
  readonly frameRate: number | null;
};

/** Subtitles of all variants: section 4.3.4.1. */
export type Subtitles = {
  readonly uri: string;
  /** RFC 5646; empty: not known. */
  readonly language: string;
};

/** Delta updates came with version 9: bis section 8. */
const VERSION = 9;
/** Fragmented MP4 with EXT-X-MAP: section 7. */
const STORED_VERSION = 7;
/** Bis section 4.4.3.8: at least three times the respective target. */
const HOLD_BACK_TARGETS = 3;

/** A media playlist, whole or as a delta update. */
export function writeMediaPlaylist(playlist: MediaPlaylist): string {
  const { targetSeconds, partTarget, segments, skipped, skipUntil } = playlist;
  const control = [
    "CAN-BLOCK-RELOAD=YES",
    ...(skipUntil === null ? [] : [`CAN-SKIP-UNTIL=${seconds(skipUntil)}`]),
    `PART-HOLD-BACK=${seconds(partTarget * HOLD_BACK_TARGETS)}`,
    `HOLD-BACK=${seconds(targetSeconds * HOLD_BACK_TARGETS)}`,
  ];
  const lines = [
    "#EXTM3U",
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    `#EXT-X-SERVER-CONTROL:${control.join(",")}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTarget)}`,
    `#EXT-X-MEDIA-SEQUENCE:${playlist.mediaSequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${segments[0]?.discontinuity ?? 0}`,
  ];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  segments.slice(skipped).forEach((segment, i) => {
    // Skipped segments count too: the client has them from an earlier playlist.
    const before = segments[skipped + i - 1];
    if (before && segment.discontinuity !== before.discontinuity) lines.push("#EXT-X-DISCONTINUITY");
    lines.push(...contextLines(segment, before ?? null, i === 0));
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.utc).toISOString()}`);
    for (const part of segment.parts) {
      const independent = part.independent ? ",INDEPENDENT=YES" : "";
      lines.push(`#EXT-X-PART:DURATION=${seconds(part.duration)},URI="${part.uri}"${independent}`);
    }
    if (segment.uri === null) return;
    lines.push(`#EXTINF:${seconds(segment.duration)},`, segment.uri);
  });
  if (playlist.ended) lines.push("#EXT-X-ENDLIST");
  else if (playlist.preloadHint !== null) lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${playlist.preloadHint}"`);
  return `${lines.join("\n")}\n`;
}

/** A media playlist of a recording: RFC 8216 section 4.3.3.5. */
export function writeStoredPlaylist(playlist: StoredPlaylist): string {
  const { type, targetSeconds, mediaSequence, segments } = playlist;
  const first = segments[0]?.discontinuity ?? 0;
  const lines = [
    "#EXTM3U",
    `#EXT-X-VERSION:${STORED_VERSION}`,
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    ...(type ? [`#EXT-X-PLAYLIST-TYPE:${type}`] : []),
    `#EXT-X-MEDIA-SEQUENCE:${mediaSequence}`,
    ...(type === null ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${first}`] : []),
    ...(playlist.independent ? ["#EXT-X-INDEPENDENT-SEGMENTS"] : []),
  ];
  let before: (typeof segments)[number] | null = null;
  for (const segment of segments) {
    const isBroken = before !== null && segment.discontinuity !== before.discontinuity;
    if (isBroken) lines.push("#EXT-X-DISCONTINUITY");
    lines.push(...contextLines(segment, before, before === null));
    // Once tells all that follow without a break; a moving window tells each.
    if (type === null || before === null || isBroken) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.utc).toISOString()}`);
    lines.push(`#EXTINF:${seconds(segment.duration)},`, segment.uri ?? "");
    before = segment;
  }
  if (playlist.ended) lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}

const NO_KEY = "#EXT-X-KEY:METHOD=NONE";

/**
 * EXT-X-MAP and EXT-X-KEY, where they are not those of the segment before. A key holds for each EXT-X-MAP behind it, so none may hold where a
 * map is declared: section 4.3.2.4.
 * @param isFirst the playlist lists no segment before it, though a delta update may have skipped some
 */
function contextLines(
  segment: Pick<StoredPlaylistSegment, "map" | "key">,
  before: Pick<StoredPlaylistSegment, "map" | "key"> | null,
  isFirst: boolean,
): readonly string[] {
  const { map, key = null } = segment;
  const lines: string[] = [];
  let held = before?.key ?? null;
  if (map !== null && map !== before?.map) {
    if (held) lines.push(NO_KEY);
    held = null;
    lines.push(`#EXT-X-MAP:URI="${map}"`);
  }
  if (key && (isFirst || key.uri !== held?.uri)) lines.push(`#EXT-X-KEY:METHOD=AES-128,URI="${key.uri}",IV=0x${key.iv}`);
  else if (!key && held) lines.push(NO_KEY);
  return lines;
}

const SUBTITLES_GROUP = "captions";

/** A person chooses them: a page of ours has captions of its own, and they would be there twice. Languages that have no name here are tags. */
function subtitleLine({ uri, language }: Subtitles): string {
  // One that is not of the form would end the line.
  const tag = /^[A-Za-z0-9-]+$/.test(language) ? language : "";
  const attributes = [
    "TYPE=SUBTITLES",
    `GROUP-ID="${SUBTITLES_GROUP}"`,
    `NAME="${tag === "" ? "Captions" : tag}"`,
    ...(tag === "" ? [] : [`LANGUAGE="${tag}"`]),
    ...["DEFAULT=NO", "AUTOSELECT=NO", "FORCED=NO", `URI="${uri}"`],
  ];
  return `#EXT-X-MEDIA:${attributes.join(",")}`;
}

/** A multivariant playlist: the first variant is the one that players begin with. */
export function writeMultivariantPlaylist(variants: readonly Variant[], subtitles: Subtitles | null = null): string {
  const lines = ["#EXTM3U", `#EXT-X-VERSION:${VERSION}`, ...(subtitles ? [subtitleLine(subtitles)] : [])];
  for (const { uri, bandwidth, averageBandwidth, codecs, resolution, frameRate } of variants) {
    const attributes = [
      `BANDWIDTH=${Math.ceil(bandwidth)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(averageBandwidth)}`,
      `CODECS="${codecs.join(",")}"`,
      ...(resolution ? [`RESOLUTION=${resolution.width}x${resolution.height}`] : []),
      ...(frameRate === null ? [] : [`FRAME-RATE=${frameRate.toFixed(3)}`]),
      ...(subtitles ? [`SUBTITLES="${SUBTITLES_GROUP}"`] : []),
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(",")}`, uri);
  }
  return `${lines.join("\n")}\n`;
}

/** Decimal seconds, to a hundred-thousandth: five frames of any rate add up. */
function seconds(value: number): string {
  return value.toFixed(5);
}
