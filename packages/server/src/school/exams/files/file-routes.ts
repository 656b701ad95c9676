/** Serves the API routes that give out the bytes of answers' files: to those who work with the examination or mark the answer, and to the candidate whose they are, at any time. */
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findAttempt } from "../attempt-rows.ts";
import type { ExamContext } from "../exam-context.ts";
import { findMarker, READ_MARKING } from "../marking/marking-rights.ts";
import { findOwnAttempt } from "../results/own-attempt.ts";
import { servedFile } from "./served-file.ts";

const fileId = z.string().regex(/^[0-9a-z]{16,40}$/);
const content = z
  .custom<Buffer>((value) => Buffer.isBuffer(value))
  .meta({ type: "string", format: "binary", description: "The photo, or the sound." });

export function fileRoutes(context: ExamContext): ApiRoute[] {
  return [getAnswerFileRoute(context), readOwnFileRoute(context)];
}

function getAnswerFileRoute(context: ExamContext): ApiRoute {
  const { db } = context;
  return route({
    id: "getExamAnswerFile",
    method: "GET",
    path: "/exams/:examinationId/attempts/:attemptId/files/:fileId",
    tag: "Marking",
    summary: "Get a photo, or recorded sound, that answers a question",
    access: READ_MARKING,
    // The attempt has no file.
    rights: ["00000---", "00000---"],
    reads: "results",
    params: z.strictObject({ examinationId: id, attemptId: id, fileId }),
    status: 200,
    answer: content,
    answerType: "*/*",
    refusals: ["not-found", "storage-away", "database-away"],
    handle: async ({ actor, params }) => {
      const marker = await findMarker(db, actor, params.examinationId);
      const attempt = await findAttempt(db, marker.exam, params.attemptId);
      if (!marker.leads) await assertAttached(db, actor, attempt.id, params.fileId);
      return await answerWith(context, db, attempt.id, params.fileId);
    },
  });
}

/** A marker sees the files of the answers that the marker has or has marked. @throws RefusalError not-found */
async function assertAttached(db: Db, actor: Actor, attemptId: string, file: string): Promise<void> {
  const held = await db
    .selectFrom("exam_markings")
    .innerJoin("exam_files", (join) =>
      join
        .onRef("exam_files.attempt_id", "=", "exam_markings.attempt_id")
        .onRef("exam_files.question", "=", "exam_markings.question"),
    )
    .select("exam_markings.attempt_id")
    .where("exam_markings.attempt_id", "=", attemptId)
    .where("exam_markings.marker_id", "=", actor.id)
    .where("exam_files.id", "=", file)
    .executeTakeFirst();
  if (!held) throw new RefusalError("not-found");
}

function readOwnFileRoute(context: ExamContext): ApiRoute {
  const { db } = context;
  return route({
    id: "readOwnExamFile",
    method: "POST",
    path: "/exams/:examinationId/files/:fileId",
    tag: "Sitting examinations",
    summary: "Read a file of an own answer: of the newest attempt of the person, or of the attempt that the token proves",
    access: everybody("lessons:read"),
    rights: ["0000000-", "0000000-"],
    params: z.strictObject({ examinationId: z.string().max(40).describe("The examination's id, or its code."), fileId }),
    body: z.strictObject({ token: z.string().max(600).optional().describe("From entering.") }).prefault({}),
    status: 200,
    answer: content,
    answerType: "*/*",
    refusals: ["no-such-exam", "not-found", "too-many", "storage-away", "database-away"],
    handle: async ({ actor, params, body, ip }) => {
      const { attempt } = await findOwnAttempt(context, { actor, ip, examinationId: params.examinationId, token: body.token });
      return await answerWith(context, db, attempt.id, params.fileId);
    },
  });
}

/** @throws RefusalError not-found; storage-away, where the bytes cannot be read now */
async function answerWith({ examFiles }: ExamContext, db: Db, attemptId: string, file: string) {
  const row = await db
    .selectFrom("exam_files")
    .selectAll()
    .where("attempt_id", "=", attemptId)
    .where("id", "=", file)
    .where("stored_at", "is not", null)
    .executeTakeFirst();
  if (!row?.type) throw new RefusalError("not-found", examText("no-file"));
  const bytes = await examFiles.read(row).catch(() => null);
  if (!bytes) throw new RefusalError("storage-away");
  return servedFile(file, row.type, bytes);
}
