/** Parses playlists and fragments for tests, written from the standards, independent of the server's code. */
import { ByteReader } from "@lectern/media";

export type Part = { readonly uri: string; readonly duration: number; readonly independent: boolean };
export type Segment = {
  readonly msn: number;
  /** Null for the one that is still being written. */
  readonly uri: string | null;
  readonly duration: number;
  readonly utc: number;
  readonly map: string;
  readonly discontinuity: boolean;
  readonly parts: readonly Part[];
};
export type Playlist = {
  readonly tags: ReadonlyMap<string, string>;
  readonly target: number;
  readonly partTarget: number;
  readonly control: Readonly<Record<string, string>>;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly skipped: number;
  readonly segments: readonly Segment[];
  readonly hint: string | null;
  readonly ended: boolean;
};

/** The attributes of a tag: RFC 8216 section 4.2. */
export function attributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([A-Z-]+)=("[^"]*"|[^,]*)/g)].map(([, name = "", value = ""]) => [name, value.replaceAll('"', "")]),
  );
}

/** @throws Error where the playlist breaks a rule of syntax */
export function readPlaylist(text: string): Playlist {
  const lines = text.split("\n");
  if (lines[0] !== "#EXTM3U") throw new Error("does not begin with #EXTM3U");
  if (lines.at(-1) !== "") throw new Error("does not end with a line's end");
  const tags = new Map<string, string>();
  const segments: Segment[] = [];
  let [map, utc, duration, discontinuity, hint, ended] = ["", 0, 0, false, null as string | null, false];
  let parts: Part[] = [];
  const msn = () =>
    Number(tags.get("EXT-X-MEDIA-SEQUENCE")) +
    Number(attributes(tags.get("EXT-X-SKIP") ?? "")["SKIPPED-SEGMENTS"] ?? 0) +
    segments.length;
  const push = (uri: string | null) => {
    segments.push({ msn: msn(), uri, duration, utc, map, discontinuity, parts });
    [parts, duration, discontinuity] = [[], 0, false];
  };
  for (const line of lines.slice(1, -1)) {
    if (!line.startsWith("#")) {
      if (duration === 0) throw new Error(`${line} has no EXTINF`);
      push(line);
      continue;
    }
    const [name = "", value = ""] = line.slice(1).split(/:(.*)/s);
    if (name === "EXTINF") duration = Number(value.replace(",", ""));
    else if (name === "EXT-X-MAP") map = attributes(value)["URI"] ?? "";
    else if (name === "EXT-X-PROGRAM-DATE-TIME") utc = Date.parse(value);
    else if (name === "EXT-X-DISCONTINUITY") discontinuity = true;
    else if (name === "EXT-X-PART") {
      const { URI = "", DURATION, INDEPENDENT } = attributes(value);
      parts.push({ uri: URI, duration: Number(DURATION), independent: INDEPENDENT === "YES" });
    } else if (name === "EXT-X-PRELOAD-HINT") hint = attributes(value)["URI"] ?? null;
    else if (name === "EXT-X-ENDLIST") ended = true;
    else if (tags.has(name)) throw new Error(`${name} stands there twice`);
    else tags.set(name, value);
  }
  if (parts.length > 0) push(null);
  return {
    tags,
    target: Number(tags.get("EXT-X-TARGETDURATION")),
    partTarget: Number(attributes(tags.get("EXT-X-PART-INF") ?? "")["PART-TARGET"]),
    control: attributes(tags.get("EXT-X-SERVER-CONTROL") ?? ""),
    mediaSequence: Number(tags.get("EXT-X-MEDIA-SEQUENCE")),
    discontinuitySequence: Number(tags.get("EXT-X-DISCONTINUITY-SEQUENCE")),
    skipped: Number(attributes(tags.get("EXT-X-SKIP") ?? "")["SKIPPED-SEGMENTS"] ?? 0),
    segments,
    hint,
    ended,
  };
}

/** The samples of one track in a fragment. */
export type Run = {
  readonly track: number;
  readonly start: number;
  readonly duration: number;
  readonly firstIsSync: boolean;
  readonly samples: number;
};

/** What the fragments of a part or a segment hold, run by run. @throws Error where a box does not fit into what it is in */
export function readRuns(bytes: Uint8Array): Run[] {
  const runs: Run[] = [];
  let track = 0;
  let start = 0;
  let flags = 0;
  const walk = (reader: ByteReader): void => {
    while (reader.left > 0) {
      const size = reader.u32();
      const type = reader.fourCc();
      if (size < 8 || size - 8 > reader.left) throw new Error(`a box ${type} of ${size} bytes, ${reader.left} are left`);
      const body = new ByteReader(reader.view(size - 8));
      if (type === "moof" || type === "traf") walk(body);
      else if (type === "tfhd") {
        const fields = body.u32();
        track = body.u32();
        flags = fields & 0x20 ? body.u32() : 0;
      } else if (type === "tfdt") {
        body.skip(4);
        start = body.u32() * 2 ** 32 + body.u32();
      } else if (type === "trun") {
        const fields = body.u32() & 0xffffff;
        const samples = body.u32();
        body.skip(4);
        let duration = 0;
        let first = flags;
        for (let i = 0; i < samples; i++) {
          duration += body.u32();
          body.skip(4);
          if (fields & 0x400) {
            const own = body.u32();
            if (i === 0) first = own;
          }
          if (fields & 0x800) body.skip(4);
        }
        runs.push({ track, start, duration, firstIsSync: (first & 0x10000) === 0, samples });
      }
    }
  };
  walk(new ByteReader(bytes));
  return runs;
}
