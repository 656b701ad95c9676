/** Recordings: finding, naming, cutting into chapters, publishing, deleting, and links that open them. */
import { z } from "zod";
import type { Actor } from "../../access/actor.ts";
import { signLink } from "../../access/links/signed-link.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { json } from "../../platform/store/store.ts";
import { findLesson, hasLessonRight } from "../lessons/lesson.ts";
import { findLessonByCode } from "../lessons/lesson-by-code.ts";
import {
  changedRecording,
  id,
  idParam,
  newClip,
  pageOf,
  paging,
  recordingLinks,
  recordingShape,
  search,
} from "../requests/fields.ts";
import {
  containsPattern,
  type Desk,
  definedFields,
  EVERY_ROLE,
  requires,
  STAFF,
  schoolScope,
  TEACHERS,
  toPage,
} from "../requests/route-context.ts";
import { type Change, checkVersion } from "../store/change.ts";
import type { Db, Lesson, Recording } from "../store/tables.ts";
import { applyRecordingUpdate, findRecording, recordingEventData, visibleRecordings } from "./recording.ts";

const TAG = "Recordings";
/** Links to recordings open them for so long: a lesson, with breaks. */
const LINK_SECONDS = 6 * 3600;

export function recordingRoutes({ db, changes, signIn, streams, recordings, space, warmth }: Desk): ApiRoute[] {
  /** Somebody who leads the lesson, or heads the school. */
  const leading = async (of: Db, actor: Actor, recordingId: string, inBin = false): Promise<Recording> => {
    const recording = await findRecording(of, actor, recordingId, inBin);
    const lesson =
      recording.lesson_id === null
        ? null
        : await of.selectFrom("lessons").selectAll().where("id", "=", recording.lesson_id).executeTakeFirst();
    const heads = actor.role === "operator" || actor.role === "administrator";
    if (!heads && !(lesson && (await hasLessonRight(of, actor, lesson, "teach"))))
      throw new RefusalError("refused-by-rule", "Only those who teach this lesson may do this.");
    return recording;
  };
  const set = (
    change: Change,
    recording: Recording,
    columns: Partial<Record<"title" | "published" | "chapters" | "deleted_at", unknown>>,
  ) =>
    change.trx
      .updateTable("recordings")
      .set((row) => ({ ...(columns as object), version: row("version", "+", 1) }))
      .where("id", "=", recording.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  const audited = (change: Change, action: string, before: Recording, after: Recording) =>
    change.audit({ action, schoolId: before.school_id, targetKind: "recording", targetId: before.id, before, after });
  const inOrOut = (actor: Actor, recordingId: string, ifMatch: number | null, into: boolean) =>
    changes.transact({ actor }, async (change) => {
      const before = await leading(change.trx, actor, recordingId, !into);
      checkVersion(before, ifMatch);
      if (into && !before.whole) throw new RefusalError("conflict", "The recording is still being made. Stop it first.");
      const after = await set(change, before, { deleted_at: into ? new Date() : null });
      await audited(change, into ? "recording.delete" : "recording.restore", before, after);
      await change.emit(into ? "recording.deleted" : "recording.restored", after.school_id, recordingEventData(after));
      change.afterCommit(() => recordings.ruleChanged(after.id));
      return { body: recordingResponse(after) };
    });
  return [
    route({
      id: "listRecordings",
      method: "GET",
      path: "/recordings",
      tag: TAG,
      summary: "Recordings that I may see, the oldest first",
      access: requires("recordings:read", ...EVERY_ROLE),
      query: z.strictObject({
        ...paging,
        schoolId: id.optional(),
        lessonId: id.optional(),
        search: search.describe("Part of the title."),
        deleted: z.stringbool().default(false).describe("Those in the bin instead."),
      }),
      status: 200,
      answer: pageOf(recordingShape),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, query }) => {
        const { limit, cursor = "" } = query;
        const school = schoolScope(actor, query.schoolId);
        let all = visibleRecordings(db, actor, query.deleted)
          .where("recordings.id", ">", cursor)
          .orderBy("recordings.id")
          .limit(limit + 1);
        if (school !== null) all = all.where("recordings.school_id", "=", school);
        if (query.lessonId) all = all.where("recordings.lesson_id", "=", query.lessonId);
        if (query.search) all = all.where("recordings.title", "ilike", containsPattern(query.search));
        const rows = await all.execute();
        if (query.lessonId) warmth.request(rows);
        return { body: toPage(rows, limit, recordingResponse) };
      },
    }),
    route({
      id: "getRecording",
      method: "GET",
      path: "/recordings/:recordingId",
      tag: TAG,
      summary: "One recording",
      access: requires("recordings:read", ...EVERY_ROLE),
      params: idParam("recordingId"),
      status: 200,
      answer: recordingShape,
      refusals: ["no-such-recording", "database-away"],
      handle: async ({ actor, params }) => ({ body: recordingResponse(await findRecording(db, actor, params.recordingId)) }),
    }),
    route({
      id: "changeRecording",
      method: "PATCH",
      path: "/recordings/:recordingId",
      tag: TAG,
      summary: "Name a recording, publish it or not, and say where its chapters begin",
      access: requires("recordings:write", ...TEACHERS),
      params: idParam("recordingId"),
      body: changedRecording,
      status: 200,
      answer: recordingShape,
      changes: true,
      refusals: ["no-such-recording", "refused-by-rule", "precondition-failed", "database-away"],
      handle: async ({ actor, params, body, ifMatch }) =>
        await changes.transact({ actor }, async (change) => {
          const before = await leading(change.trx, actor, params.recordingId);
          checkVersion(before, ifMatch);
          const chapters = body.chapters && [...body.chapters].sort((a, b) => a.seconds - b.seconds);
          const columns = definedFields({ title: body.title, published: body.published, chapters: chapters && json(chapters) });
          const after = await set(change, before, columns);
          await audited(change, "recording.change", before, after);
          change.afterCommit(() => {
            recordings.ruleChanged(after.id);
            if (after.published && !before.published) warmth.request([after]);
          });
          return { body: recordingResponse(after) };
        }),
    }),
    route({
      id: "prefetchRecording",
      method: "POST",
      path: "/recordings/:recordingId/prefetch",
      tag: TAG,
      summary: "Fetch the beginning of a recording, so that it is there when many ask for it at once",
      access: requires("recordings:write", ...TEACHERS),
      params: idParam("recordingId"),
      status: 200,
      body: z.strictObject({
        nodes: z
          .union([z.literal("all"), z.array(z.string().max(64)).max(1000)])
          .default([])
          .describe("Other nodes that are to have it too; for operators."),
      }),
      answer: z
        .object({
          seconds: z.number().describe("How much of it is there now."),
          nodes: z.array(z.string()).describe("The nodes that have it."),
        })
        .meta({ id: "Prefetched" }),
      refusals: ["no-such-recording", "refused-by-rule", "storage-away", "database-away"],
      handle: async ({ actor, params, body: { nodes } }) => {
        if (nodes.length > 0 && actor.role !== "operator")
          throw new RefusalError("refused-by-rule", "Only operators may say which nodes are to have it.");
        const { id, seconds: whole } = await findRecording(db, actor, params.recordingId);
        const fetched = await recordings.prefetch(id, nodes);
        if (fetched.seconds === 0 && whole > 0) throw new RefusalError("storage-away");
        return { body: { seconds: fetched.seconds, nodes: [...fetched.nodes] } };
      },
    }),
    route({
      id: "clipRecording",
      method: "POST",
      path: "/recordings/:recordingId/clip",
      tag: TAG,
      summary: "Make a recording of a piece of this one, from the key frame before to the end of the segment after",
      access: requires("recordings:write", ...TEACHERS),
      params: idParam("recordingId"),
      body: newClip,
      status: 201,
      answer: recordingShape,
      refusals: ["no-such-recording", "refused-by-rule", "conflict", "bad-request", "database-away"],
      handle: async ({ actor, params, body }) => {
        const source = await leading(db, actor, params.recordingId);
        if (!source.whole) throw new RefusalError("conflict", "The recording is still being made. Stop it first.");
        if (body.from >= source.seconds) throw new RefusalError("bad-request", "The recording is shorter than that.");
        const news = await recordings.clip(source.files, body.from, body.to);
        if (!news) throw new RefusalError("no-such-recording");
        await applyRecordingUpdate(changes, news);
        space.check(source.school_id);
        return await changes.transact({ actor }, async (change) => {
          const before = await change.trx.selectFrom("recordings").selectAll().where("id", "=", news.id).executeTakeFirstOrThrow();
          const after = await set(change, before, { title: body.title ?? source.title, published: false });
          await audited(change, "recording.clip", before, after);
          return { body: recordingResponse(after) };
        });
      },
    }),
    route({
      id: "deleteRecording",
      method: "DELETE",
      path: "/recordings/:recordingId",
      tag: TAG,
      summary: "Put a recording into the bin, for 30 days; nobody can watch it there",
      access: requires("recordings:write", ...TEACHERS),
      params: idParam("recordingId"),
      status: 204,
      answer: null,
      changes: true,
      refusals: ["no-such-recording", "refused-by-rule", "conflict", "precondition-failed", "database-away"],
      handle: async ({ actor, params, ifMatch }) => {
        await inOrOut(actor, params.recordingId, ifMatch, true);
        return { body: null };
      },
    }),
    route({
      id: "restoreRecording",
      method: "POST",
      path: "/recordings/:recordingId/restore",
      tag: TAG,
      summary: "Take a recording out of the bin again",
      access: requires("recordings:write", ...TEACHERS),
      params: idParam("recordingId"),
      status: 200,
      answer: recordingShape,
      refusals: ["no-such-recording", "refused-by-rule", "database-away"],
      handle: ({ actor, params }) => inOrOut(actor, params.recordingId, null, false),
    }),
    route({
      id: "linkRecording",
      method: "POST",
      path: "/recordings/:recordingId/links",
      tag: TAG,
      summary: "Links that open a recording: for those who may see it, and for guests with the lesson's code",
      access: "everybody",
      params: idParam("recordingId"),
      body: z.strictObject({ code: z.string().max(40).optional().describe("Of the lesson; guests need it.") }).prefault({}),
      status: 200,
      answer: recordingLinks,
      refusals: ["no-such-recording", "no-such-lesson", "too-many", "database-away"],
      handle: async ({ actor, params, body, origin, ip }) => {
        const lesson = body.code === undefined ? null : await findLessonByCode(db, signIn, body.code, ip);
        const asGuest = lesson && (await guestRecordings(db, lesson).where("id", "=", params.recordingId).executeTakeFirst());
        const recording = asGuest ?? (await findRecording(db, actor, params.recordingId));
        const expires = Math.floor(Date.now() / 1000) + LINK_SECONDS;
        const query = signLink({ app: "vod", name: recording.id, expires }, streams.linkSecret());
        const address = `${origin}/vod/${recording.id}`;
        const play = { hls: `${address}.m3u8?${query}`, flv: `${address}.flv?${query}`, mp4: `${address}.mp4?${query}` };
        const place = actor.kind === "user" ? await placeOf(db, actor.id ?? "", recording.id) : null;
        return { body: { play, expiresAt: new Date(expires * 1000), recording: recordingResponse(recording), place } };
      },
    }),
    route({
      id: "notePlace",
      method: "PUT",
      path: "/recordings/:recordingId/place",
      tag: TAG,
      summary: "Note where I stopped watching, for all my devices",
      access: requires("recordings:read", ...EVERY_ROLE),
      params: idParam("recordingId"),
      body: z.strictObject({ seconds: z.number().min(0) }),
      status: 204,
      answer: null,
      refusals: ["no-such-recording", "refused-by-rule", "database-away"],
      handle: async ({ actor, params, body }) => {
        if (actor.kind !== "user" || actor.id === null) throw new RefusalError("refused-by-rule", "Only people stop watching.");
        const { id: recording_id } = await findRecording(db, actor, params.recordingId);
        const place = { seconds: body.seconds, updated_at: new Date() };
        await db
          .insertInto("places")
          .values({ user_id: actor.id, recording_id, ...place })
          .onConflict((conflict) => conflict.columns(["user_id", "recording_id"]).doUpdateSet(place))
          .execute();
        return { body: null };
      },
    }),
    route({
      id: "listReplays",
      method: "GET",
      path: "/invitations/:code/recordings",
      tag: TAG,
      summary: "The published recordings of a lesson, for those who have its code and may join it as guests",
      access: "everybody",
      params: z.strictObject({ code: z.string().max(40) }),
      status: 200,
      answer: z.object({ items: z.array(recordingShape) }),
      refusals: ["no-such-lesson", "too-many", "database-away"],
      handle: async ({ params, ip }) => {
        const lesson = await findLessonByCode(db, signIn, params.code, ip);
        const rows = await guestRecordings(db, lesson).orderBy("recordings.id").execute();
        warmth.request(rows);
        return { body: { items: rows.map(recordingResponse) } };
      },
    }),
    route({
      id: "recordLesson",
      method: "POST",
      path: "/lessons/:lessonId/record",
      tag: TAG,
      summary: "Begin or end recording a lesson that is live, by hand",
      access: requires("lessons:write", ...STAFF),
      params: idParam("lessonId"),
      body: z.strictObject({ action: z.enum(["start", "stop"]) }),
      status: 202,
      answer: z.object({ action: z.enum(["start", "stop"]) }),
      refusals: ["not-found", "refused-by-rule", "no-such-stream", "quota-reached", "database-away"],
      handle: async ({ actor, params, body }) => {
        const lesson = await findLesson(db, actor, params.lessonId, "assist");
        if (!(await recordings.record(lesson.stream_app, lesson.stream_name, body.action)))
          throw new RefusalError("no-such-stream");
        return { body };
      },
    }),
  ];
}

/** What guests of a lesson may watch. */
function guestRecordings(db: Db, lesson: Lesson) {
  return db
    .selectFrom("recordings")
    .selectAll()
    .where("lesson_id", "=", lesson.guests ? lesson.id : "")
    .where("published", "=", true)
    .where("deleted_at", "is", null);
}

/** Where somebody stopped watching, seconds; null where they have not begun. */
async function placeOf(db: Db, userId: string, recordingId: string): Promise<number | null> {
  const place = await db
    .selectFrom("places")
    .select("seconds")
    .where("user_id", "=", userId)
    .where("recording_id", "=", recordingId)
    .executeTakeFirst();
  return place?.seconds ?? null;
}

function recordingResponse(row: Recording) {
  return {
    id: row.id,
    schoolId: row.school_id,
    lessonId: row.lesson_id,
    app: row.app,
    name: row.name,
    title: row.title,
    startedAt: row.started_at,
    seconds: row.seconds,
    bytes: Number(row.bytes),
    whole: row.whole,
    published: row.published,
    chapters: [...row.chapters],
    deletedAt: row.deleted_at,
    createdAt: row.created_at,
    version: row.version,
  };
}
