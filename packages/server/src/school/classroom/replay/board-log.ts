/** Reads what the board of a room showed, part by part, with the materials of which its pictures may be read. */
import type { Selectable } from "kysely";
import { sql } from "kysely";
import {
  type BoardLogEntry,
  type BoardLogPart,
  type BoardLogRequest,
  byPlace,
  type OpenedMaterial,
} from "../../../contracts/rooms/board-log.ts";
import type { RoomEntryTable } from "../../foundation/store/room-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { openedMaterial } from "../../lessons/materials/slides.ts";
import { loadFirstStates, operationsOf } from "../board/board-rows.ts";

/** An entry has at most 200 operations, and a person writes about 1 kB in a second. */
const ROWS = 500;

export async function readBoardLog(db: Db, request: BoardLogRequest): Promise<BoardLogPart> {
  const { lesson, strokes, before, after } = request;
  const entries = await pageEntries(db, request);
  // Those that come later than a full part belong to the next ones.
  const end = entries.length === ROWS ? (entries.at(-1)?.at ?? 0) + 1 : before;
  const first = strokes ? await firstStates(db, lesson, after?.at ?? 0, Math.min(end, before)) : [];
  const part = [...entries, ...first.filter((entry) => after === null || byPlace(entry, after) > 0)].sort(byPlace).slice(0, ROWS);
  const materials: Record<string, OpenedMaterial> = {};
  for (const id of new Set(part.flatMap(materialsOf))) {
    const opened = await openedMaterial(db, lesson, id);
    if (opened) materials[id] = opened;
  }
  const last = part.length === ROWS ? part.at(-1) : undefined;
  return { entries: part, materials, next: last ? { at: last.at, epoch: last.epoch, seq: last.seq } : null };
}

async function pageEntries(db: Db, { lesson, strokes, before, after }: BoardLogRequest): Promise<readonly BoardLogEntry[]> {
  const rows = await db
    .selectFrom("room_entries")
    .selectAll()
    .where("lesson_id", "=", lesson)
    .where("kind", "in", strokes ? ["page", "stroke"] : ["page"])
    .where("audience", "=", "all")
    .where("at", "<", new Date(before))
    .$if(after !== null, (query) =>
      query.where(
        sql<boolean>`(at, epoch, seq) > (${new Date(after?.at ?? 0)}::timestamptz, ${after?.epoch}::text, ${after?.seq}::bigint)`,
      ),
    )
    .orderBy("at")
    .orderBy("epoch")
    .orderBy("seq")
    .limit(ROWS)
    .execute();
  return rows.map(boardEntry);
}

/** As if it was drawn at once, just before the page was opened. */
async function firstStates(db: Db, lesson: string, from: number, before: number): Promise<readonly BoardLogEntry[]> {
  const states = await loadFirstStates(db, lesson, from, before);
  return states.map(({ page, epoch, seq, at, operations }) => ({
    at: at.getTime(),
    epoch,
    seq,
    kind: "stroke",
    key: null,
    gone: false,
    body: { page, ops: operations },
  }));
}

function boardEntry({ at, epoch, seq, kind, key, gone, body }: Selectable<RoomEntryTable>): BoardLogEntry {
  return { at: at.getTime(), epoch, seq: Number(seq), kind, key, gone, body };
}

/** A set of slides, and pictures that were put on a page, name a material. */
function materialsOf({ kind, body }: BoardLogEntry): string[] {
  if (kind === "page") return typeof body["material"] === "string" ? [body["material"]] : [];
  return operationsOf(body).flatMap((operation) => {
    const content = operation[0] === "i" || operation[0] === "t" ? operation[2] : null;
    return content !== null && typeof content === "object" && content.type === "picture" ? [content.material] : [];
  });
}
