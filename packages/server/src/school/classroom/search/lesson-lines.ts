/** Reads what can be found in a lesson: what its replay shows to everybody who may watch it, each with its moment. */
import { type Content, type Operation, type PageSet, partsOfPage } from "@lectern/board";
import { SHOWN_KEY } from "@lectern/room";
import type { Selectable } from "kysely";
import type { RoomEntryTable } from "../../foundation/store/room-tables.ts";
import type { Searched, SearchedLine } from "../../foundation/store/search-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { loadFirstStates, operationsOf } from "../board/board-rows.ts";
import { newestCaptions } from "../transcript/transcript.ts";

/** Of one line: a slide may be a whole page of a book. */
const MAX_TEXT = 4000;
/** Rows of the log that are in memory at once. */
const PAGE = 2000;
/** So often a slide is noted that is shown again and again. */
const MAX_SHOWN = 50;

type Row = Pick<Selectable<RoomEntryTable>, "at" | "epoch" | "seq" | "kind" | "key" | "gone" | "body">;
type Lines = readonly SearchedLine[];

/** Of each kind in the order of the lesson. */
export async function readLines(db: Db, lessonId: string): Promise<Readonly<Record<Searched, Lines>>> {
  return {
    transcript: await readTranscript(db, lessonId),
    chat: await readTalk(db, lessonId, "chat"),
    question: await readTalk(db, lessonId, "question"),
    slide: await readSlides(db, lessonId),
    board: await readBoard(db, lessonId),
  };
}

async function readTranscript(db: Db, lessonId: string): Promise<Lines> {
  const captions = [...(await newestCaptions(db, lessonId)).values()];
  return captions.filter(({ isFinal }) => isFinal).flatMap(({ ref, spokenAt, text }) => lineOf(ref, spokenAt, text));
}

/** What was said to everybody, and not deleted since, at the moment at which it was said first. */
async function readTalk(db: Db, lessonId: string, kind: "chat" | "question"): Promise<Lines> {
  const newest = new Map<string, { readonly at: number; row: Row }>();
  await readEntries(db, lessonId, kind, (row) => {
    const { key, at } = row;
    if (key === null) return;
    const known = newest.get(key);
    if (known) known.row = row;
    else newest.set(key, { at: at.getTime(), row });
  });
  return [...newest.values()].flatMap(({ at, row: { body, gone } }) => {
    const { ref, text, answer } = body;
    if (gone || body["deleted"] === true || typeof ref !== "string" || typeof text !== "string") return [];
    return lineOf(ref, at, typeof answer === "string" ? `${text}\n${answer}` : text);
  });
}

/** The slides that were shown, each with the times at which it was. */
async function readSlides(db: Db, lessonId: string): Promise<Lines> {
  const sets = new Map<number, PageSet>();
  const shown = new Map<string, { readonly from: number; until: number | null }[]>();
  let current: { readonly slide: string; readonly time: { readonly from: number; until: number | null } } | null = null;
  await readEntries(db, lessonId, "page", ({ key, gone, body, at }) => {
    if (key === SHOWN_KEY) {
      const slide = typeof body["page"] === "string" ? slideOf(sets, body["page"]) : null;
      // Another part of it is shown.
      if (slide === current?.slide) return;
      if (current) current.time.until = at.getTime();
      current = slide === null ? null : { slide, time: { from: at.getTime(), until: null } };
      if (!current) return;
      const times = shown.get(current.slide) ?? [];
      if (times.length < MAX_SHOWN) shown.set(current.slide, [...times, current.time]);
    } else if (key?.startsWith("page/")) {
      const set = Number(key.slice("page/".length));
      if (gone) sets.delete(set);
      else sets.set(set, body as PageSet);
    }
  });
  const texts = await slideTexts(db, [...new Set([...shown.keys()].map((ref) => ref.slice(0, ref.lastIndexOf("/"))))]);
  return [...shown].flatMap(([ref, times]) => {
    const text = texts.get(ref)?.trim() ?? "";
    return text === ""
      ? []
      : [{ ref, shown: times.map(({ from, until }) => [from, until] as const), text: text.slice(0, MAX_TEXT) }];
  });
}

/** `MATERIAL/PAGE`; null: it is a page of a board. */
function slideOf(sets: ReadonlyMap<number, PageSet>, page: string): string | null {
  const { set, number } = partsOfPage(page);
  const of = sets.get(set);
  return of?.pages === "slides" ? `${of.material}/${number}` : null;
}

/** The speaker's notes are not shown, and not searched. */
async function slideTexts(db: Db, materials: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (materials.length === 0) return new Map();
  const rows = await db
    .selectFrom("material_pages")
    .select(["material_id", "n", "text"])
    .where("material_id", "in", materials)
    .execute();
  return new Map(rows.map(({ material_id: material, n, text }) => [`${material}/${n}`, text]));
}

/** Texts and formulas that were written on the board, also those that were wiped off, as they were written last. */
async function readBoard(db: Db, lessonId: string): Promise<Lines> {
  const texts = new Map<string, { readonly at: number; text: string }>();
  const take = (page: string, at: number, operations: readonly Operation[]): void => {
    for (const operation of operations) {
      if (operation[0] !== "i" && operation[0] !== "t") continue;
      const [, id, content] = operation;
      const text = typeof content === "string" ? "" : writtenIn(content);
      if (text === "") continue;
      const ref = `${page}/${id}`;
      const known = texts.get(ref);
      if (known) known.text = text;
      else texts.set(ref, { at, text });
    }
  };
  for (const { page, at, operations } of await loadFirstStates(db, lessonId, 0, LAST_MS)) take(page, at.getTime(), operations);
  await readEntries(db, lessonId, "stroke", ({ at, body }) => {
    if (typeof body["page"] === "string") take(body["page"], at.getTime(), operationsOf(body));
  });
  return [...texts].flatMap(([ref, { at, text }]) => lineOf(ref, at, text));
}

/** Later than any lesson. */
const LAST_MS = Date.UTC(9999, 0);

function writtenIn(content: Exclude<Content, { readonly type: "stroke" }>): string {
  if (content.type === "text") return content.text;
  return content.type === "formula" ? content.tex : "";
}

function lineOf(ref: string, at: number, text: string): Lines {
  const found = text.trim();
  return found === "" ? [] : [{ ref, shown: [[at, null]], text: found.slice(0, MAX_TEXT) }];
}

/** Calls with everything of a kind that is for all, in its order, page by page. */
async function readEntries(db: Db, lessonId: string, kind: string, take: (row: Row) => void): Promise<void> {
  let last: Row | undefined;
  do {
    const behind = last;
    const rows: readonly Row[] = await db
      .selectFrom("room_entries")
      .select(["at", "epoch", "seq", "kind", "key", "gone", "body"])
      .where("lesson_id", "=", lessonId)
      .where("kind", "=", kind)
      .where("audience", "=", "all")
      .$if(behind !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple("at", "epoch", "seq"), ">", tuple(behind?.at ?? new Date(0), behind?.epoch ?? "", behind?.seq ?? 0)),
        ),
      )
      .orderBy("at")
      .orderBy("epoch")
      .orderBy("seq")
      .limit(PAGE)
      .execute();
    for (const row of rows) take(row);
    last = rows.length === PAGE ? rows.at(-1) : undefined;
  } while (last);
}
