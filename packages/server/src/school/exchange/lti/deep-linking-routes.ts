/** Serves the API route by which a teacher answers a deep linking request of a learning platform. */
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Course } from "../../foundation/store/tables.ts";
import { type ChosenItem, deepLinkingResponse, readTicket } from "./deep-linking.ts";
import { examOfCourse } from "./exam-links.ts";
import { lessonOfCourse, makeLesson, recordingOfCourse } from "./links.ts";
import type { LtiContext } from "./lti-context.ts";
import { activePlatform } from "./platforms.ts";
import { deepLinkingAnswer, deepLinkingChoice } from "./shapes.ts";

type Choice = {
  readonly lessonId?: string | undefined;
  readonly recordingId?: string | undefined;
  readonly examinationId?: string | undefined;
  readonly title?: string | undefined;
};

export function deepLinkingRoutes(context: LtiContext): ApiRoute[] {
  const { db, changes, flowSecret } = context;
  const answerRoute = route({
    id: "answerDeepLinking",
    method: "POST",
    path: "/lti/deep-links",
    tag: "Learning platforms (LTI)",
    summary:
      "Choose what a link of a learning platform opens: a lesson, a recording or an examination of the course, or a new lesson",
    access: requires("lessons:write", ...TEACHERS),
    // The session is nobody's.
    rights: ["--------", null],
    body: deepLinkingChoice,
    status: 201,
    answer: deepLinkingAnswer,
    refusals: ["launch-failed", "not-found", "no-such-recording", "refused-by-rule", "database-away"],
    handle: async ({ actor, body, origin }) => {
      if (actor.kind !== "user") throw new RefusalError("refused-by-rule", ltiText("deep-linking-person"));
      const ticket = await readTicket(body.ticket, flowSecret());
      // Somebody else's ticket: signed in as another person since.
      if (actor.id !== ticket.userId) throw new RefusalError("refused-by-rule", ltiText("deep-linking-person"));
      const platform = await activePlatform(db, ticket.platformId);
      const { body: item } = await changes.transact({ actor }, async (change) => ({
        body: await chosenItem(change, actor, await courseOf(change, actor, ticket.courseId), body.item),
      }));
      return { body: { returnUrl: ticket.returnUrl, jwt: await deepLinkingResponse(context, platform, ticket, item, origin) } };
    },
  });
  return [answerRoute];
}

/** The course, where the person still teaches it. @throws RefusalError not-found */
async function courseOf({ trx }: Change, { id, schoolId }: Actor, courseId: string): Promise<Course> {
  const course = await trx
    .selectFrom("courses")
    .innerJoin("course_members", "course_members.course_id", "courses.id")
    .selectAll("courses")
    .where("courses.id", "=", courseId)
    .where("courses.school_id", "=", schoolId ?? "")
    .where("course_members.user_id", "=", id ?? "")
    .where("course_members.role", "=", "teacher")
    .executeTakeFirst();
  if (!course) throw new RefusalError("not-found", schoolText("no-course"));
  return course;
}

/** @throws RefusalError not-found */
async function chosenItem(change: Change, actor: Actor, course: Course, choice: Choice): Promise<ChosenItem> {
  const { trx } = change;
  if (choice.examinationId !== undefined) {
    const exam = await examOfCourse(trx, course, choice.examinationId);
    if (!exam) throw new RefusalError("not-found", examText("no-exam"));
    return { title: exam.title, examinationId: exam.id };
  }
  if (choice.recordingId !== undefined) {
    const recording = await recordingOfCourse(trx, course, choice.recordingId);
    if (!recording?.lesson_id) throw new RefusalError("no-such-recording");
    return { title: recording.title, lessonId: recording.lesson_id, recordingId: recording.id };
  }
  if (choice.lessonId !== undefined) {
    const lesson = await lessonOfCourse(trx, course, choice.lessonId);
    if (!lesson) throw new RefusalError("not-found", schoolText("no-lesson"));
    return { title: lesson.title, lessonId: lesson.id, recordingId: null };
  }
  const teacher = await trx
    .selectFrom("users")
    .selectAll()
    .where("id", "=", actor.id ?? "")
    .executeTakeFirstOrThrow();
  const { id, title } = await makeLesson(change, course, teacher, choice.title ?? course.name);
  return { title, lessonId: id, recordingId: null };
}
