/** Reads what was said in a recording: the newest words of each caption of its lesson, at their places in the recording. */
import { type Caption, captionOf } from "@lectern/room";
import { sql } from "kysely";
import { positionOf, type RoomSpan, type SpokenCaption } from "../../../contracts/rooms/room-replay.ts";
import type { Db, Recording } from "../../foundation/store/tables.ts";

export type TranscriptLine = {
  readonly ref: string;
  /** Seconds of the recording. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly language: string;
};

type Recorded = Pick<Recording, "lesson_id" | "started_at" | "seconds" | "parts">;

/** Of a whole day of fast speech. */
const MAX_CAPTIONS = 50_000;

/** In the order of the recording. A caption whose words were taken out is not there. */
export async function transcriptOf(db: Db, recording: Recorded): Promise<readonly TranscriptLine[]> {
  if (recording.lesson_id === null) return [];
  const spans = recordedSpans(recording);
  const captions = [...(await newestCaptions(db, recording.lesson_id)).values()];
  return captions
    .filter(({ isFinal, text }) => isFinal && text !== "")
    .flatMap(({ ref, start, end, spokenAt, text, language }): TranscriptLine[] => {
      const place = positionOf(spans, spokenAt);
      if (!place || place.paused) return [];
      return [{ ref, start: place.position / 1000, end: (place.position + end - start) / 1000, text, language }];
    })
    .sort((a, b) => a.start - b.start);
}

/** What was said in a lesson, in the order in which it was. @param since only what was stored since then, milliseconds since 1970 */
export async function spokenCaptions(db: Db, lessonId: string, since: number): Promise<readonly SpokenCaption[]> {
  return [...(await newestCaptions(db, lessonId, { since })).values()]
    .filter(({ isFinal, text }) => isFinal && text !== "")
    .map(({ start, end, spokenAt: at, storedAt, text, language }) => ({ at, length: end - start, storedAt, text, language }))
    .sort((a, b) => a.at - b.at);
}

/** The caption with this ref as it is now; null: there is none. */
export async function findCaption(db: Db, lessonId: string, ref: string): Promise<Caption | null> {
  const found = (await newestCaptions(db, lessonId, { ref })).get(ref);
  if (!found) return null;
  const { storedAt: _, ...caption } = found;
  return caption;
}

type StoredCaption = Caption & { readonly storedAt: number };

/** By their refs. @param ref of the only one that is wanted @param since those that were stored since then, milliseconds since 1970 */
export async function newestCaptions(
  db: Db,
  lessonId: string,
  { ref, since = 0 }: { readonly ref?: string; readonly since?: number } = {},
): Promise<ReadonlyMap<string, StoredCaption>> {
  const rows = await db
    .selectFrom("room_entries")
    .select(["kind", "body", "at"])
    .where("lesson_id", "=", lessonId)
    .where("kind", "=", "caption")
    .$if(ref !== undefined, (query) => query.where(sql<boolean>`body ->> 'ref' = ${ref}`))
    .$if(since > 0, (query) => query.where("at", ">=", new Date(since)))
    .orderBy("at")
    .orderBy("epoch")
    .orderBy("seq")
    .limit(MAX_CAPTIONS)
    .execute();
  const captions = new Map<string, StoredCaption>();
  for (const row of rows) {
    const caption = captionOf(row);
    if (caption) captions.set(caption.ref, { ...caption, storedAt: row.at.getTime() });
  }
  return captions;
}

/** What several nodes have of the same time counts once. */
export function recordedSpans({ started_at: startedAt, seconds, parts }: Recorded): RoomSpan[] {
  const begin = startedAt.getTime();
  const recorded = Object.values(parts ?? {}).flatMap(({ spans }) => spans);
  const all = recorded.length > 0 ? recorded : [[begin, begin + seconds * 1000] as const];
  const spans: RoomSpan[] = [];
  let position = 0;
  let behind = Number.NEGATIVE_INFINITY;
  for (const [from, to] of [...all].sort(([a], [b]) => a - b)) {
    const at = Math.max(from, behind);
    const length = to - at;
    if (length <= 0) continue;
    spans.push({ at, position, length, lasts: length });
    position += length;
    behind = to;
  }
  return spans;
}
