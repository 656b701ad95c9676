/** Reads of a media playlist what a viewer needs to go on (RFC 8216bis): it is read thousands of times a second, so it keeps no more than that. */
export type PlaylistPart = { readonly uri: string; readonly seconds: number; readonly isIndependent: boolean };

export type PlaylistSegment = {
  readonly msn: number;
  /** Null for the one that is still being written. */
  readonly uri: string | null;
  readonly seconds: number;
  /** When it begins, milliseconds since 1970; null: not told. */
  readonly utc: number | null;
  readonly parts: readonly PlaylistPart[];
};

export type MediaPlaylist = {
  readonly targetSeconds: number;
  readonly canBlock: boolean;
  readonly hasEnded: boolean;
  readonly map: string | null;
  readonly segments: readonly PlaylistSegment[];
};

/** Of a multivariant playlist, the address of the first rendition. */
export function firstRendition(text: string): string | null {
  return /^[^#\r\n].*$/m.exec(text)?.[0] ?? null;
}

export function readMediaPlaylist(text: string): MediaPlaylist {
  const segments: PlaylistSegment[] = [];
  let [msn, targetSeconds, seconds] = [0, 2, 0];
  let [canBlock, hasEnded] = [false, false];
  let map: string | null = null;
  let utc: number | null = null;
  let parts: PlaylistPart[] = [];
  const push = (uri: string | null): void => {
    segments.push({ msn: msn++, uri, seconds, utc, parts });
    utc = null;
    parts = [];
  };
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (!line.startsWith("#")) push(line);
    else if (line.startsWith("#EXTINF:")) seconds = Number.parseFloat(line.slice(8));
    else if (line.startsWith("#EXT-X-PART:")) parts.push(readPart(line));
    else if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) utc = Date.parse(line.slice(25));
    else if (line.startsWith("#EXT-X-MEDIA-SEQUENCE:")) msn = Number(line.slice(22));
    else if (line.startsWith("#EXT-X-TARGETDURATION:")) targetSeconds = Number(line.slice(22));
    else if (line.startsWith("#EXT-X-SKIP:")) msn += Number(/SKIPPED-SEGMENTS=(\d+)/.exec(line)?.[1] ?? 0);
    else if (line.startsWith("#EXT-X-MAP:")) map = /URI="([^"]*)"/.exec(line)?.[1] ?? null;
    else if (line.startsWith("#EXT-X-SERVER-CONTROL:")) canBlock = line.includes("CAN-BLOCK-RELOAD=YES");
    else if (line.startsWith("#EXT-X-ENDLIST")) hasEnded = true;
  }
  if (parts.length > 0) push(null);
  return { targetSeconds, canBlock, hasEnded, map, segments };
}

function readPart(line: string): PlaylistPart {
  return {
    uri: /URI="([^"]*)"/.exec(line)?.[1] ?? "",
    seconds: Number(/DURATION=([\d.]+)/.exec(line)?.[1] ?? 0),
    isIndependent: line.includes("INDEPENDENT=YES"),
  };
}
