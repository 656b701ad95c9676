/** Determines where the room of then is read from: the files beside a recording, or the minutes of a live lesson that was rewound. */

import { isBody, listOf, numberOf, parseEntry, textOf, type WireEntry } from "@lectern/room";
import type { ReplaySource, Stretch, TimedEntry } from "./replay-track.ts";

/** @throws Error where the answer is no JSON, or a refusal */
export type LoadJson = (address: string) => Promise<unknown>;

type IndexedFile = { readonly from: number; readonly to: number; readonly file: string };
type Index = { readonly files: string; readonly chunks: readonly IndexedFile[]; readonly snapshots: readonly IndexedFile[] };

const CHUNK_SECONDS = 60;
const SNAPSHOT_SECONDS = 300;
/** A recording that is being written gets more, and a line may be deleted at any time. */
const INDEX_MS = 60_000;

/** @param hls the signed address of the recording's playlist */
export function recordingSource(hls: string, load: LoadJson, now: () => number): ReplaySource {
  const address = hls.replace(/\.m3u8(?=\?|$)/, "/room/index.json");
  let index: { readonly at: number; readonly value: Promise<Index> } | null = null;
  const readIndex = (isFresh = false): Promise<Index> => {
    if (index && !isFresh && now() - index.at < INDEX_MS) return index.value;
    const value = load(address).then(parseIndex);
    index = { at: now(), value };
    value.catch(() => {
      index = null;
    });
    return value;
  };
  const read = async (find: (index: Index) => IndexedFile | undefined): Promise<unknown> => {
    const known = await readIndex();
    const file = find(known);
    if (!file) return null;
    try {
      return await load(known.files + file.file);
    } catch {
      // Something was deleted meanwhile: the files have other names.
      const fresh = await readIndex(true);
      const renamed = find(fresh);
      return renamed ? await load(fresh.files + renamed.file) : null;
    }
  };
  return {
    stateAt: async (seconds) => {
      const at = Math.floor(seconds / SNAPSHOT_SECONDS) * SNAPSHOT_SECONDS;
      const content = await read(({ snapshots }) => snapshots.find((one) => one.from === at));
      return { at, entries: parseSnapshot(content) };
    },
    stretchAt: async (seconds) => {
      const from = Math.floor(seconds / CHUNK_SECONDS) * CHUNK_SECONDS;
      const content = await read(({ chunks }) => chunks.find((one) => one.from === from));
      return { from, to: from + CHUNK_SECONDS, entries: parseTimed(content, 0) };
    },
  };
}

/** Its timeline is the clock: seconds since 1970. @param hls the signed address of the live playlist */
export function rewoundSource(hls: string, load: LoadJson): ReplaySource {
  const minuteOf = async (seconds: number): Promise<Stretch & { readonly snapshot: readonly WireEntry[] }> => {
    const from = Math.floor(seconds / CHUNK_SECONDS) * CHUNK_SECONDS;
    const address = hls.replace(/\.m3u8(?=\?|$)/, "/room.json");
    const content = await load(`${address}${address.includes("?") ? "&" : "?"}start=${from}`);
    const to = isBody(content) ? (numberOf(content, "to") ?? 0) / 1000 : 0;
    return { from, to, entries: parseTimed(content, from), snapshot: parseSnapshot(content) };
  };
  return {
    stateAt: async (seconds) => {
      const { from, snapshot } = await minuteOf(seconds);
      return { at: from, entries: snapshot };
    },
    stretchAt: minuteOf,
  };
}

function parseIndex(value: unknown): Index {
  const files = isBody(value) ? textOf(value, "files") : null;
  if (!isBody(value) || files === null) throw new Error("not an index of a room");
  return { files, chunks: parseFiles(value["chunks"], "from"), snapshots: parseFiles(value["snapshots"], "at") };
}

function parseFiles(list: unknown, begins: string): IndexedFile[] {
  return listOf(list).flatMap((item) => {
    if (!isBody(item)) return [];
    const from = numberOf(item, begins);
    const file = textOf(item, "file");
    return from === null || file === null ? [] : [{ from, to: numberOf(item, "to") ?? from, file }];
  });
}

function parseSnapshot(content: unknown): WireEntry[] {
  return isBody(content) ? listOf(content["snapshot"]).flatMap((item) => parseEntry(item)) : [];
}

function parseTimed(content: unknown, begin: number): TimedEntry[] {
  if (!isBody(content)) return [];
  return listOf(content["entries"]).flatMap((item) => {
    const t = isBody(item) ? numberOf(item, "t") : null;
    return t === null ? [] : parseEntry(item).map((entry) => ({ t: begin + t, entry }));
  });
}
