/** Serves the API routes that search recordings: all that a person may watch, and one. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { type Rate, RateLimit } from "../../../platform/rate-limit.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam, time } from "../../foundation/requests/fields.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { SEARCHED } from "../../foundation/store/search-tables.ts";
import type { Recording } from "../../foundation/store/tables.ts";
import { findRecording, visibleRecordings } from "../../lessons/recordings/visibility.ts";
import { type FoundRecording, findRecordings, HITS_OF_LIST } from "./search.ts";
import { findHits, type Hit } from "./search-hits.ts";
import { type Query, queryOf } from "./search-words.ts";

const TAG = "Recordings";
/** Of one person or key: each pause while typing is a search. */
const SEARCHES: Rate = { burst: 30, perSecond: 3 };
const MAX_PAGE = 50;
const HITS_OF_RECORDING = 200;
const LIMITS_OF_RECORDING = { blocks: 200, hits: HITS_OF_RECORDING } as const;

const words = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe("Words, all of which are in what is found. Of Chinese, a part of a sentence.");

const hitShape = z
  .object({
    kind: z
      .enum(SEARCHED)
      .describe("transcript: it was said. slide: a slide with it was shown. board: it was written on the board."),
    seconds: z.number().describe("Of the recording."),
    text: z.string().describe("What was found, or a part of it."),
    marks: z
      .array(z.tuple([z.int(), z.int()]))
      .describe("Where the words are in the text, from and to, in UTF-16 units: as JavaScript counts."),
  })
  .meta({ id: "SearchHit" });

const foundRecordingShape = z
  .object({
    recordingId: id,
    lessonId: id,
    title: z.string(),
    startedAt: time,
    hits: z.array(hitShape).describe("The first ones, in the order of the recording."),
    hasMore: z.boolean().describe("Whether the recording has others: search in it."),
  })
  .meta({ id: "FoundRecording" });

export function searchRoutes(context: RouteContext): ApiRoute[] {
  const rate = new RateLimit(SEARCHES);
  return [searchRecordingsRoute(context, rate), searchRecordingRoute(context, rate)];
}

/** @throws RefusalError too-many */
function limit(rate: RateLimit, { id: actorId, kind, ip }: Actor): void {
  assertRate(rate, [actorId ?? `${kind} ${ip}`], schoolText("too-many-searches"));
}

function searchRecordingsRoute({ db }: RouteContext, rate: RateLimit): ApiRoute {
  return route({
    id: "searchRecordings",
    method: "GET",
    path: "/search",
    tag: TAG,
    summary: "Search what was said, written and shown in all recordings that the account may watch, the newest first",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++++++-", "+000000-"],
    reads: { unlogged: "what a recording shows, whose watching is logged" },
    query: z.strictObject({
      text: words,
      schoolId: id.optional(),
      courseId: id.optional().describe("In recordings of the lessons of a course."),
      limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20).describe("Recordings."),
      cursor: z.string().max(512).optional().describe("nextCursor of the previous page."),
    }),
    status: 200,
    answer: z.object({ items: z.array(foundRecordingShape), nextCursor: z.string().nullable() }),
    refusals: ["not-found", "too-many", "database-away"],
    handle: async ({ actor, query: { text, schoolId, courseId, limit: count, cursor } }) => {
      limit(rate, actor);
      const school = schoolScope(actor, schoolId);
      const query = queryOf(text);
      if (!query) return { body: { items: [], nextCursor: null } };
      let matching = visibleRecordings(db, actor);
      if (school !== null) matching = matching.where("recordings.school_id", "=", school);
      if (courseId) {
        const ofCourse = db.selectFrom("lessons").select("lessons.id").where("lessons.course_id", "=", courseId);
        matching = matching.where("recordings.lesson_id", "in", ofCourse);
      }
      const { found, nextCursor } = await findRecordings(db, matching, query, { limit: count, cursor });
      return { body: { items: found.flatMap(foundResponse), nextCursor } };
    },
  });
}

function foundResponse({ recording, hits }: FoundRecording) {
  const { id: recordingId, lesson_id: lessonId, title, started_at: startedAt } = recording;
  const first = hits.slice(0, HITS_OF_LIST).map(hitResponse);
  return lessonId === null ? [] : [{ recordingId, lessonId, title, startedAt, hits: first, hasMore: hits.length > first.length }];
}

function hitResponse({ marks, ...hit }: Hit) {
  return { ...hit, marks: marks.map(([from, to]): [number, number] => [from, to]) };
}

function searchRecordingRoute({ db }: RouteContext, rate: RateLimit): ApiRoute {
  return route({
    id: "searchRecording",
    method: "GET",
    path: "/recordings/:recordingId/search",
    tag: TAG,
    summary: "Search what was said, written and shown in a recording, in its order",
    access: requires("recordings:read", ...EVERY_ROLE),
    rights: ["+++0+++-", "+000000-"],
    reads: "recording",
    params: idParam("recordingId"),
    query: z.strictObject({ text: words }),
    status: 200,
    answer: z.object({ items: z.array(hitShape), hasMore: z.boolean().describe("Whether there are more than are listed.") }),
    refusals: ["no-such-recording", "too-many", "database-away"],
    handle: async ({ actor, params: { recordingId }, query: { text } }) => {
      limit(rate, actor);
      const recording = await findRecording(db, actor, recordingId);
      const hits = await hitsOf(recording, queryOf(text));
      return { body: { items: hits.slice(0, HITS_OF_RECORDING).map(hitResponse), hasMore: hits.length > HITS_OF_RECORDING } };
    },
  });

  async function hitsOf(recording: Recording, query: Query | null): Promise<readonly Hit[]> {
    if (!query) return [];
    return (await findHits(db, [recording], query, LIMITS_OF_RECORDING)).get(recording.id) ?? [];
  }
}
