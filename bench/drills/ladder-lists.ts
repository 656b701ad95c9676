/**
 * Reads the media playlists of a stream and its rungs at several nodes the whole time, and keeps what they say of each segment. Downloads the
 * segments of one of the nodes.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Playlist, readPlaylist } from "../../e2e/hls-reader.ts";
import type { Scope } from "../../e2e/lectern.ts";

export const SOURCE = "source";

/** A segment as one list has it. */
export type ListedSegment = {
  readonly msn: number;
  /** Milliseconds since 1970. */
  readonly utc: number;
  /** Seconds. */
  readonly duration: number;
  /** Discontinuities before it and at its beginning, since the stream began. */
  readonly discontinuity: number;
  /** Whether its first part begins with a key frame; null while its parts were never seen. */
  readonly independent: boolean | null;
  /** Addresses of its initialisation and of itself. */
  readonly map: string;
  readonly uri: string;
};

export type SegmentList = {
  readonly node: string;
  /** `source`, or the rung. */
  readonly rung: string;
  readonly segments: Map<number, ListedSegment>;
  /** What a later answer said of a segment that an earlier one said differently. */
  readonly changes: string[];
  /** Milliseconds between two answers with a playlist, the longest. */
  longestSilenceMs: number;
  answeredAt: number;
  /** Answers without a playlist. */
  refused: number;
};

export type ListReader = {
  readonly lists: readonly SegmentList[];
  /** The node whose segments are downloaded. */
  readonly downloaded: string;
  /** The file of a segment that was downloaded, or of its initialisation, by its address. */
  readonly files: ReadonlyMap<string, { readonly file: string; readonly bytes: number }>;
  /** Addresses that answered without a file. */
  readonly notThere: readonly string[];
  /** Resolves when the last answers are read. */
  readonly close: () => Promise<void>;
};

export type ListReaderOptions = {
  /** Where each node serves HTTP. The first one's segments are downloaded. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly name: string;
  /** For what is downloaded. */
  readonly directory: string;
};

const POLL_MS = 1000;

/** Begins as soon as a multivariant playlist with rungs is there. */
export function readLists(t: Scope, { nodes, name, directory }: ListReaderOptions): ListReader {
  const abort = new AbortController();
  const { signal } = abort;
  t.after(() => abort.abort());
  const lists: SegmentList[] = [];
  const [downloaded = ""] = nodes.keys();
  const downloads = new Downloads(directory, signal);
  const reading = [...nodes].map(async ([node, http]) => {
    let variants = new Map<string, URL>();
    while (!signal.aborted) {
      const next = new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (variants.size < 2) variants = await variantsOf(http, name, signal).catch(() => new Map<string, URL>());
      const answers = [...variants].map(async ([rung, url]) => {
        const list = listOf(lists, node, rung);
        const isRead = await read(list, url, signal).catch(() => false);
        if (signal.aborted) return;
        // A session that has expired, or a stream that has begun again.
        if (!isRead) variants = new Map();
        if (node === downloaded) await downloads.take(list);
      });
      await Promise.all(answers);
      await next;
    }
  });
  return {
    lists,
    downloaded,
    files: downloads.files,
    notThere: downloads.notThere,
    close: async () => {
      abort.abort();
      await Promise.all(reading);
    },
  };
}

function listOf(lists: SegmentList[], node: string, rung: string): SegmentList {
  const known = lists.find((list) => list.node === node && list.rung === rung);
  if (known) return known;
  const answeredAt = performance.now();
  const list: SegmentList = {
    node,
    rung,
    segments: new Map<number, ListedSegment>(),
    changes: [],
    longestSilenceMs: 0,
    answeredAt,
    refused: 0,
  };
  lists.push(list);
  return list;
}

/** The media playlists of a multivariant playlist with rungs, by rung. */
async function variantsOf(http: string, name: string, signal: AbortSignal): Promise<Map<string, URL>> {
  const response = await fetch(`${http}/live/${name}.m3u8`, { signal });
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [/@([a-z0-9]+)\//.exec(line)?.[1] ?? SOURCE, new URL(line, response.url)]));
}

/** False when there is no playlist. */
async function read(list: SegmentList, url: URL, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(url, { signal });
  const text = await response.text();
  const now = performance.now();
  list.longestSilenceMs = Math.max(list.longestSilenceMs, now - list.answeredAt);
  if (!response.ok) {
    list.refused++;
    return false;
  }
  list.answeredAt = now;
  for (const segment of listedIn(readPlaylist(text), url)) keep(list, segment);
  return true;
}

function listedIn({ segments, discontinuitySequence }: Playlist, url: URL): ListedSegment[] {
  let discontinuity = discontinuitySequence;
  return segments.flatMap((segment, i) => {
    // The first one's is in the sequence number already.
    if (segment.discontinuity && i > 0) discontinuity++;
    const { msn, utc, duration, map, uri, parts } = segment;
    if (uri === null) return [];
    const [first] = parts;
    const addresses = { map: new URL(map, url).href, uri: new URL(uri, url).href };
    return { msn, utc, duration, discontinuity, independent: first ? first.independent : null, ...addresses };
  });
}

function keep({ segments, changes }: SegmentList, now: ListedSegment): void {
  const known = segments.get(now.msn);
  segments.set(now.msn, { ...now, independent: now.independent ?? known?.independent ?? null });
  if (!known) return;
  for (const what of ["utc", "duration", "discontinuity", "map", "uri"] as const)
    if (known[what] !== now[what]) changes.push(`${what} of segment ${now.msn} was ${known[what]}, then ${now[what]}`);
}

/** Keeps each segment and each initialisation in a file. */
class Downloads {
  readonly files = new Map<string, { readonly file: string; readonly bytes: number }>();
  readonly notThere: string[] = [];
  private readonly directory: string;
  private readonly signal: AbortSignal;
  private readonly asked = new Set<string>();

  constructor(directory: string, signal: AbortSignal) {
    this.directory = directory;
    this.signal = signal;
  }

  async take({ segments }: SegmentList): Promise<void> {
    const wanted = [...segments.values()].flatMap(({ map, uri }) => [map, uri]).filter((url) => !this.asked.has(url));
    for (const url of new Set(wanted)) {
      this.asked.add(url);
      const answer = await fetch(url, { signal: this.signal }).catch(() => null);
      const bytes = answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
      if (!bytes) {
        if (!this.signal.aborted) this.notThere.push(url);
        continue;
      }
      const file = join(this.directory, `${this.files.size}.mp4`);
      writeFileSync(file, bytes);
      this.files.set(url, { file, bytes: bytes.length });
    }
  }
}
