/** Adds a lesson that another system has recorded: it is over, has its slides and the log of its room, and people who spoke there are its guests. */
import { randomBytes } from "node:crypto";
import type { RoomPerson } from "@lectern/room";
import type { ImportedEntry, ImportedLesson, ImportedMaterial, ImportedTo } from "../../../contracts/recordings/imported-lesson.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { isVisible } from "../../../platform/text.ts";
import { storeEntries } from "../../classroom/entry-store.ts";
import { cleanText } from "../../classroom/room-text.ts";
import type { Change, Changes } from "../../foundation/store/change.ts";
import { SYSTEM } from "../../foundation/store/requester.ts";
import type { Database, Db, School } from "../../foundation/store/tables.ts";
import { newLessonRow } from "../../lessons/lesson-row.ts";

/** The school or the course is not there; in words for who runs the command. */
class ImportRefusal extends Error {
  override readonly name = "ImportRefusal";
}

const MAX_NAMED = 20;
/** Characters. */
const MAX = { title: 200, name: 100, filename: 255 } as const;

/** The lesson that it became, also one in the bin; null: it was not imported. @throws ImportRefusal */
export async function findImportedLesson(
  db: Db,
  { school, externalId }: Pick<ImportedLesson, "school" | "externalId">,
): Promise<ImportedTo | null> {
  const { id } = await schoolOf(db, school);
  const lesson = await db
    .selectFrom("lessons")
    .select(["id", "stream_app", "stream_name"])
    .where("school_id", "=", id)
    .where("external_id", "=", externalId)
    .executeTakeFirst();
  return lesson ? { lessonId: lesson.id, app: lesson.stream_app, name: lesson.stream_name, known: true } : null;
}

/** @param node has the files of its slides @throws ImportRefusal */
export async function addImportedLesson(
  { db, changes, node }: { readonly db: Database; readonly changes: Changes; readonly node: string },
  imported: ImportedLesson,
): Promise<ImportedTo> {
  const school = await schoolOf(db, imported.school);
  const { body } = await changes.transact(SYSTEM, async (change) => {
    const { trx } = change;
    const before = await findImportedLesson(trx, imported);
    if (before) return { body: before };
    const [startedAt, endedAt] = [new Date(imported.startedAt), new Date(imported.endedAt)];
    const row = newLessonRow({
      schoolId: school.id,
      title: lineOf(imported.title, MAX.title),
      courseId: await courseOf(trx, school, imported.course),
      teacherId: null,
      startsAt: startedAt,
      endsAt: endedAt,
      mode: "broadcast",
      record: true,
      guests: school.guests,
      externalId: imported.externalId,
    });
    const over = { state: "ended", started_at: startedAt, started_by: "publisher", ended_at: endedAt, ended_by: "hand" } as const;
    const lesson = await trx
      .insertInto("lessons")
      .values({ ...row, ...over })
      .returningAll()
      .executeTakeFirstOrThrow();
    for (const material of imported.materials) await addMaterial(change, material, { school, lessonId: lesson.id, node });
    await addRoom(change, lesson.id, imported);
    await change.audit({ action: "lesson.create", schoolId: school.id, targetKind: "lesson", targetId: lesson.id, after: lesson });
    return { body: { lessonId: lesson.id, app: lesson.stream_app, name: lesson.stream_name, known: false } };
  });
  return body;
}

/** Of what another system calls it: one visible line, as a person here could have written it. */
function lineOf(text: string, maxLength: number): string {
  const line = cleanText(text, true).slice(0, maxLength).toWellFormed().trim();
  return isVisible(line) ? line : "?";
}

async function schoolOf(db: Db, slug: string | null): Promise<School> {
  const all = db.selectFrom("schools").selectAll().where("archived_at", "is", null).where("deleting_since", "is", null);
  const found = await (slug === null ? all : all.where("slug", "=", slug)).orderBy("slug").limit(MAX_NAMED).execute();
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1) throw new ImportRefusal(`name the school with --school: ${found.map((one) => one.slug).join(", ")}`);
  throw new ImportRefusal(slug === null ? "there is no school yet" : `there is no school "${slug}"`);
}

async function courseOf(db: Db, school: School, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const courses = db.selectFrom("courses").select("id").where("school_id", "=", school.id).where("id", "=", id);
  if (!(await courses.executeTakeFirst())) throw new ImportRefusal(`the school has no course ${id}`);
  return id;
}

async function addMaterial(
  { trx }: Change,
  { id, title, filename, kind, size, pictureBytes, pages }: ImportedMaterial,
  { school, lessonId, node }: { readonly school: School; readonly lessonId: string; readonly node: string },
): Promise<void> {
  const [first] = pages;
  await trx
    .insertInto("materials")
    .values({
      id,
      school_id: school.id,
      // Administrators have it.
      owner_id: null,
      title: lineOf(title, MAX.title),
      filename: lineOf(filename, MAX.filename),
      kind,
      size,
      uploaded: size,
      state: "ready",
      notices: json([]),
      pages: pages.length,
      total: pages.length,
      width: first?.width ?? null,
      height: first?.height ?? null,
      picture_bytes: pictureBytes,
      node,
    })
    .execute();
  if (pages.length > 0)
    await trx
      .insertInto("material_pages")
      .values(pages.map(({ n, text, width, height }) => ({ material_id: id, n, text: cleanText(text), notes: "", width, height })))
      .execute();
  await trx.insertInto("lesson_materials").values({ lesson_id: lessonId, material_id: id, opened_at: new Date() }).execute();
}

function cleanEntry(entry: ImportedEntry): ImportedEntry {
  const { text } = entry.body;
  return entry.kind === "chat" && typeof text === "string" ? { ...entry, body: { ...entry.body, text: cleanText(text) } } : entry;
}

async function addRoom(
  { trx }: Change,
  lessonId: string,
  { entries: imported, startedAt, endedAt }: ImportedLesson,
): Promise<void> {
  const entries = imported.map(cleanEntry).filter(({ kind, body }) => kind !== "chat" || isVisible(String(body["text"])));
  const epoch = randomBytes(9).toString("base64url");
  const people = new Map<string, RoomPerson>();
  for (const { from } of entries)
    if (from !== null && !people.has(from)) people.set(from, { id: newId(), name: lineOf(from, MAX.name), role: "guest" });
  // Their names are erased with those of other guests.
  for (const { id, name } of people.values())
    await trx
      .insertInto("participants")
      .values({
        id,
        lesson_id: lessonId,
        user_id: null,
        name,
        role: "guest",
        token_hash: null,
        joined_at: new Date(startedAt),
        seen_at: new Date(endedAt),
      })
      .execute();
  await trx
    .insertInto("rooms")
    .values({ lesson_id: lessonId, epoch, term: 0, owner: "", head: entries.length, search_at: new Date() })
    .execute();
  const stamped = entries.map(({ at, kind, key, body, from }, i) => ({
    seq: i + 1,
    at,
    mediaTime: null,
    id: newId(),
    from: (from === null ? null : people.get(from)) ?? null,
    kind,
    to: "all" as const,
    key,
    gone: false,
    sampled: false,
    body,
  }));
  await storeEntries(trx, lessonId, epoch, stamped);
}
