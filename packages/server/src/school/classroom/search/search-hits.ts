/**
 * Finds what was said, written and shown in the lessons of recordings. The database finds blocks of lines by their words; the lines are looked at here, and
 * placed in each recording.
 */
import { type SqlBool, sql } from "kysely";
import { positionOf } from "../../../contracts/rooms/room-replay.ts";
import { numbersOf } from "../../foundation/encryption/blind-words.ts";
import type { Searched, SearchedLine } from "../../foundation/store/search-tables.ts";
import { SEARCHED } from "../../foundation/store/search-tables.ts";
import type { Db, Recording } from "../../foundation/store/tables.ts";
import { recordedSpans } from "../transcript/transcript.ts";
import { WORDS } from "./search-index.ts";
import { marksOf, matches, type Query } from "./search-words.ts";

export type Hit = {
  readonly kind: Searched;
  /** Of the recording. */
  readonly seconds: number;
  /** What stands around the first word that was found. */
  readonly text: string;
  /** Where the words are in it, from and to, UTF-16 units. */
  readonly marks: readonly (readonly [number, number])[];
};

type Spans = ReturnType<typeof recordedSpans>;
type Block = { readonly lesson_id: string; readonly kind: Searched; readonly lines: readonly SearchedLine[] };
type PlacedLine = { readonly kind: Searched; readonly line: SearchedLine };

/** Characters of a hit's text. */
const MAX_TEXT = 160;
/** Before the first word that was found. */
const TEXT_BEFORE = 50;

/** Whether the lesson of the row of `recordings` has a block with the words. */
export function hasBlocks(db: Db, query: Query) {
  return sql<SqlBool>`recordings.lesson_id in (select lesson_id from search_blocks where ${hasWords(db, query)})`;
}

type HitLimits = {
  /** Of one lesson, that are looked at. */
  readonly blocks: number;
  /** Of a recording, the first ones; there is one more where there are more. */
  readonly hits: number;
};

/** What is found in recordings, by their ids, in the order of each recording. */
export async function findHits(
  db: Db,
  recordings: readonly Recording[],
  query: Query,
  limits: HitLimits,
): Promise<ReadonlyMap<string, readonly Hit[]>> {
  const lessons = [...new Set(recordings.flatMap(({ lesson_id: lesson }) => lesson ?? []))];
  if (lessons.length === 0) return new Map();
  const blocks = await readBlocks(db, lessons, query, limits.blocks);
  const found = Map.groupBy(
    blocks.flatMap(({ lesson_id: lesson, kind, lines }) =>
      lines.filter(({ text }) => matches(query, text)).map((line) => ({ lesson, kind, line })),
    ),
    ({ lesson }) => lesson,
  );
  const hidden = await findHidden(db, found);
  return new Map(
    recordings.map((recording): [string, readonly Hit[]] => {
      const lesson = recording.lesson_id ?? "";
      const shown = (found.get(lesson) ?? []).filter(({ kind, line }) => !hidden.has(keyOf(lesson, kind, line)));
      return [recording.id, hitsIn(recordedSpans(recording), shown, query, limits.hits + 1)];
    }),
  );
}

async function readBlocks(db: Db, lessons: readonly string[], query: Query, perLesson: number): Promise<readonly Block[]> {
  const { rows } = await sql<Block>`
    select lesson_id, kind, lines from (
      select lesson_id, n, kind, lines, row_number() over (partition by lesson_id order by n) as place
      from search_blocks where lesson_id = any(${lessons}::text[]) and ${hasWords(db, query)}
    ) as found where place <= ${perLesson} order by lesson_id, n`.execute(db);
  return rows;
}

/** A word may have several numbers, while a data key is exchanged for another. */
function hasWords(db: Db, { words }: Query) {
  const numbers = words.map((word) => numbersOf(db, WORDS, word));
  if (numbers.every(({ length }) => length === 1)) return sql<SqlBool>`words @> ${numbers.flat()}::int[]`;
  return sql<SqlBool>`(${sql.join(
    numbers.map((of) => sql`words && ${of}::int[]`),
    sql` and `,
  )})`;
}

/** Lines that were deleted since they were made searchable, and slides that are gone: what the replay does not show is not found. */
async function findHidden(db: Db, found: ReadonlyMap<string, readonly PlacedLine[]>): Promise<ReadonlySet<string>> {
  const lines = [...found].flatMap(([lesson, of]) => of.map((one) => ({ lesson, ...one })));
  const talk = lines.filter(({ kind }) => kind === "chat" || kind === "question");
  const slides = lines.filter(({ kind }) => kind === "slide");
  const [said, opened] = [await shownTalk(db, talk), await openedMaterials(db, slides)];
  const isShown = ({ lesson, kind, line }: (typeof lines)[number]): boolean => {
    if (kind === "slide") return opened.has(`${lesson}/${materialOf(line)}`);
    return (kind !== "chat" && kind !== "question") || said.has(keyOf(lesson, kind, line));
  };
  return new Set(lines.filter((one) => !isShown(one)).map(({ lesson, kind, line }) => keyOf(lesson, kind, line)));
}

type InLesson = PlacedLine & { readonly lesson: string };

async function shownTalk(db: Db, lines: readonly InLesson[]): Promise<ReadonlySet<string>> {
  if (lines.length === 0) return new Set();
  const keys = lines.map(({ kind, line }) => `${kind}/${line.ref}`);
  const { rows } = await sql<{ lesson: string; key: string }>`
    select wanted.lesson, wanted.key
    from unnest(${lines.map(({ lesson }) => lesson)}::text[], ${keys}::text[]) as wanted (lesson, key)
    cross join lateral (
      select gone, body ->> 'deleted' as deleted from room_entries
      where lesson_id = wanted.lesson and key = wanted.key order by at desc, epoch desc, seq desc limit 1
    ) as newest where not newest.gone and newest.deleted is distinct from 'true'`.execute(db);
  return new Set(rows.map(({ lesson, key }) => `${lesson}/${key}`));
}

async function openedMaterials(db: Db, lines: readonly InLesson[]): Promise<ReadonlySet<string>> {
  if (lines.length === 0) return new Set();
  const rows = await db
    .selectFrom("lesson_materials")
    .innerJoin("materials", "materials.id", "lesson_materials.material_id")
    .select(["lesson_id", "material_id"])
    .where("lesson_id", "in", [...new Set(lines.map(({ lesson }) => lesson))])
    .where("opened_at", "is not", null)
    .where("materials.deleted_at", "is", null)
    .execute();
  return new Set(rows.map(({ lesson_id: lesson, material_id: material }) => `${lesson}/${material}`));
}

function materialOf({ ref }: SearchedLine): string {
  return ref.slice(0, ref.lastIndexOf("/"));
}

function keyOf(lesson: string, kind: Searched, { ref }: SearchedLine): string {
  return `${lesson}/${kind}/${ref}`;
}

function hitsIn(spans: Spans, lines: readonly PlacedLine[], query: Query, most: number): readonly Hit[] {
  return lines
    .flatMap(({ kind, line }) => {
      const seconds = placeOf(spans, kind, line);
      return seconds === null ? [] : [{ kind, seconds, text: line.text }];
    })
    .sort((a, b) => a.seconds - b.seconds || SEARCHED.indexOf(a.kind) - SEARCHED.indexOf(b.kind))
    .slice(0, most)
    .map(({ text, ...place }) => ({ ...place, ...excerptOf(text, query) }));
}

/** Null: the recording does not have it. */
function placeOf(spans: Spans, kind: Searched, { shown }: SearchedLine): number | null {
  const [first] = spans;
  if (!first) return null;
  for (const [from, until] of shown) {
    // What stood on the board when the recording began is in its first picture.
    const wasThere = from < first.at && (kind === "board" || (kind === "slide" && (until === null || until > first.at)));
    const place = positionOf(spans, wasThere ? first.at : from);
    // Nobody spoke into a recording while it paused; what was written then is shown where it goes on.
    if (place && !(place.paused && kind === "transcript")) return place.position / 1000;
  }
  return null;
}

function excerptOf(text: string, query: Query): Pick<Hit, "text" | "marks"> {
  const marks = marksOf(query, text);
  const begin = Math.max(0, (marks[0]?.[0] ?? 0) - TEXT_BEFORE);
  // Neither half of a surrogate pair.
  const from = begin > 0 && isLowSurrogate(text, begin) ? begin - 1 : begin;
  const end = Math.min(text.length, from + MAX_TEXT);
  const to = isLowSurrogate(text, end) ? end - 1 : end;
  return {
    text: text.slice(from, to),
    marks: marks.filter(([, until]) => until <= to).map(([at, until]) => [at - from, until - from] as const),
  };
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
