/**
 * Answers media workers that serve the room of then, beside a recording and in time-shift: the entries of a part, and what newcomers
 * would have got at a time. Seeking and playing through end in the same: a snapshot is the fold of all entries before it.
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { RetainedEntries, type RoomEntry } from "@lectern/room";
import { positionOf, type RoomPart, type RoomReplayAnswer, type RoomReplayRequest } from "../../../contracts/rooms/room-replay.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { spokenCaptions } from "../transcript/transcript.ts";
import { readBoardLog } from "./board-log.ts";
import { type Deleted, findDeleted, findEnds, type LoggedEntry, readPart, readRetained } from "./replay-log.ts";
import { pagesAt } from "./replay-pages.ts";

const compress = promisify(gzip);
/** An entry is stored at most this long after its time. */
const SETTLED_MS = 60_000;
const MAX_LESSONS = 20;
const MAX_FOLDS = 100;

/** What newcomers would have got at a time. */
type Fold = { readonly at: number; readonly entries: readonly RoomEntry[] };
type Folds = { readonly past: string; readonly list: Fold[] };

export class RoomReplay {
  private readonly db: Db;
  private readonly now: () => number;
  /** By lesson. */
  private readonly folds = new Map<string, Folds>();

  constructor(db: Db, now: () => number) {
    this.db = db;
    this.now = now;
  }

  readonly answer = async (request: RoomReplayRequest): Promise<RoomReplayAnswer> => {
    const { lesson } = request;
    if (request.kind === "board") return await file(await readBoardLog(this.db, request));
    if (request.kind === "captions") return await file({ captions: await spokenCaptions(this.db, lesson, request.since ?? 0) });
    const deleted = await findDeleted(this.db, lesson);
    const past = hashOf([...deleted.refs].sort().join(" ") + deleted.count);
    if (request.kind === "state") {
      const ends = await findEnds(this.db, lesson);
      return { kind: "state", past, head: ends?.head ?? "", first: ends?.first ?? null, last: ends?.last ?? null };
    }
    if (request.kind === "entries") return await file({ entries: await this.entries(lesson, request, deleted) });
    const entries = await this.snapshot(lesson, request.at, deleted, past);
    const retained = new RetainedEntries();
    for (const entry of entries) retained.take(entry);
    const pages = await pagesAt(this.db, lesson, request.at, retained);
    return await file({ snapshot: [...entries, ...pages].map(wireEntry) });
  };

  private async entries(lesson: string, part: RoomPart, deleted: Deleted) {
    const entries = await readPart(this.db, lesson, part, deleted);
    const first = part.spans[0]?.position ?? 0;
    const placed = entries.map((entry) => ({
      ...wireEntry(entry),
      t: (positionOf(part.spans, timeOf(entry))?.position ?? first) / 1000,
    }));
    return placed.sort((a, b) => a.t - b.t);
  }

  private async snapshot(lesson: string, at: number, deleted: Deleted, past: string): Promise<readonly LoggedEntry[]> {
    const { list } = this.foldsOf(lesson, past);
    const before = list.findLast((fold) => fold.at <= at);
    const retained = new RetainedEntries();
    for (const entry of before?.entries ?? []) retained.take(entry);
    await readRetained(this.db, lesson, { from: before?.at ?? 0, to: at }, deleted, (entry) => retained.take(entry));
    const entries = retained.all();
    if (at < this.now() - SETTLED_MS && before?.at !== at) {
      list.push({ at, entries });
      list.sort((a, b) => a.at - b.at);
      if (list.length > MAX_FOLDS) list.splice(1, 1);
    }
    return entries.map(asLogged);
  }

  private foldsOf(lesson: string, past: string): Folds {
    const known = this.folds.get(lesson);
    const folds = known?.past === past ? known : { past, list: [] };
    // In the order of use.
    this.folds.delete(lesson);
    this.folds.set(lesson, folds);
    const oldest = this.folds.size > MAX_LESSONS ? this.folds.keys().next().value : undefined;
    if (oldest !== undefined) this.folds.delete(oldest);
    return folds;
  }
}

/** A caption belongs to the words, which were said before they were written down. */
function timeOf({ at, kind, body }: LoggedEntry): number {
  const { spokenAt } = body;
  return kind === "caption" && typeof spokenAt === "number" ? Math.min(at, spokenAt) : at;
}

/** Folds keep the entries that they were given, which have their epochs. */
function asLogged(entry: RoomEntry): LoggedEntry {
  return { epoch: "", ...entry };
}

/** As in docs/room-protocol.md. */
function wireEntry({ epoch, seq, at, mediaTime, id, from, kind, key, gone, body }: LoggedEntry) {
  // There are many, and all of them say in their operations whose they are.
  if (kind === "stroke") return { ...body, epoch, seq, kind, ...(key === null ? {} : { key }) };
  return {
    ...body,
    epoch,
    seq,
    at,
    mediaTime,
    id,
    from: from?.id ?? null,
    name: from?.name ?? null,
    role: from?.role ?? null,
    kind,
    ...(key === null ? {} : { key }),
    ...(gone ? { gone } : {}),
  };
}

async function file(content: unknown): Promise<RoomReplayAnswer> {
  const bytes = await compress(Buffer.from(JSON.stringify(content)));
  return { kind: "file", gzip: bytes.toString("base64") };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
