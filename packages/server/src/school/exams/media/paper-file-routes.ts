/** Serves the API routes for pictures and sound of papers: they are sent before the paper that names them is saved. */
import type { Readable } from "node:stream";
import { Readable as Stream } from "node:stream";
import { type AuthoredPaper, filesOf, LIMITS } from "@lectern/exam";
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import { readWhole } from "../../foundation/requests/whole-body.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { ExamContext } from "../exam-context.ts";
import { findPaper, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import { isServed, servedFile } from "../files/served-file.ts";
import { readFrozenPaper } from "../grading/frozen-papers.ts";
import { findMarker } from "../marking/marking-rights.ts";
import { findOwnAttempt } from "../results/own-attempt.ts";
import { isResultOut } from "../results/result-out.ts";
import { OpenedPackages } from "./opened-packages.ts";
import { attemptOfReader, filesOfResult } from "./result-media.ts";

const TAG = "Papers";
const MAX_BYTES = Math.max(LIMITS.pictureBytes, LIMITS.soundBytes);
const NO_PICTURE = { width: null, height: null };
const sent = z
  .custom<Readable>((value) => value instanceof Stream)
  .meta({ type: "string", description: "The file as it is: a picture up to 4 MiB, or sound up to 12 MiB." });
const content = z
  .custom<Buffer>((value) => Buffer.isBuffer(value))
  .meta({ type: "string", format: "binary", description: "The picture, or the sound." });

export function paperFileRoutes(context: ExamContext): ApiRoute[] {
  const packages = new OpenedPackages(context.storedSecrets);
  return [addRoute(context), getRoute(context), getPublishedRoute(context, packages), readOfResultRoute(context, packages)];
}

function addRoute({ db, paperFiles }: ExamContext): ApiRoute {
  return route({
    id: "addPaperFile",
    method: "POST",
    path: "/papers/:paperId/files",
    tag: TAG,
    summary:
      "Add a picture (JPEG, PNG, WebP) or sound (MP3, WebM with Opus, MP4 with AAC or Opus) to a paper, for its questions and passages to name within a day",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: z.strictObject({ paperId: id }),
    body: sent,
    bodyType: "text/plain",
    status: 201,
    answer: z
      .object({
        id: z.string(),
        type: z.string().describe("By its bytes."),
        size: z.int(),
        width: z.int().nullable(),
        height: z.int().nullable(),
        seconds: z.number().nullable(),
      })
      .meta({ id: "ExamPaperFile" }),
    refusals: ["not-found", "too-large", "exam-file-unfit", "exam-files-full", "disk-full", "storage-away", "database-away"],
    handle: async ({ actor, params, body }) => {
      const paper = await findPaper(db, actor, params.paperId);
      const bytes = await readWhole(body, MAX_BYTES, examText("file-too-large", { max: MAX_BYTES }));
      const { file, content: found } = await paperFiles.add(paper, Buffer.from(bytes));
      const { width, height } = "width" in found ? found : NO_PICTURE;
      const seconds = "seconds" in found ? found.seconds : null;
      return { body: { id: file.id, type: file.type, size: file.size, width, height, seconds } };
    },
  });
}

function getRoute({ db, paperFiles }: ExamContext): ApiRoute {
  return route({
    id: "getPaperFile",
    method: "GET",
    path: "/papers/:paperId/files/:fileId",
    tag: TAG,
    summary: "Get a picture, or sound, of a paper",
    access: READ_EXAMS,
    // The paper has no such file.
    rights: ["0000----", "0000----"],
    reads: { unlogged: "questions, and no answers" },
    params: z.strictObject({ paperId: id, fileId: z.string().max(40) }),
    status: 200,
    answer: content,
    answerType: "*/*",
    refusals: ["not-found", "storage-away", "database-away"],
    handle: async ({ actor, params }) => {
      const paper = await findPaper(db, actor, params.paperId);
      const found = await paperFiles.read(paper.id, params.fileId);
      if (!found) throw new RefusalError("not-found", examText("no-paper-file"));
      return servedFile(found.file.id, found.file.type, found.bytes);
    },
  });
}

function getPublishedRoute({ db }: ExamContext, packages: OpenedPackages): ApiRoute {
  return route({
    id: "getExamPaperFile",
    method: "GET",
    path: "/exams/:examinationId/paper/files/:fileId",
    tag: "Marking",
    summary:
      "Get a picture, or sound, of the paper as it was published: for those who mark, and for candidates whose answers are shown",
    access: requires("lessons:read", ...STAFF, "student"),
    rights: ["000000--", "000000--"],
    reads: { unlogged: "questions, and no answers" },
    params: z.strictObject({ examinationId: id, fileId: z.string().max(40) }),
    status: 200,
    answer: content,
    answerType: "*/*",
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params: { examinationId, fileId } }) => {
      const shown = (await filesOfMarker(db, actor, examinationId)) ?? (await filesOfCandidate(db, actor, examinationId));
      return await answerWith(db, packages, { examinationId, fileId }, shown);
    },
  });
}

function readOfResultRoute(context: ExamContext, packages: OpenedPackages): ApiRoute {
  const { db } = context;
  return route({
    id: "readExamResultFile",
    method: "POST",
    path: "/exams/:examinationId/result/files/:fileId",
    tag: "Sitting examinations",
    summary:
      "Read a picture, or sound, of a question that the own result shows: of the newest attempt of the person, or of the attempt that the token proves",
    access: everybody("lessons:read"),
    // None of them has sat it.
    rights: ["0000000-", "0000000-"],
    params: z.strictObject({
      examinationId: z.string().max(40).describe("The examination's id, or its code."),
      fileId: z.string().max(40),
    }),
    body: z.strictObject({ token: z.string().max(600).optional().describe("From entering.") }).prefault({}),
    status: 200,
    answer: content,
    answerType: "*/*",
    refusals: ["no-such-exam", "not-found", "exam-not-released", "too-many", "database-away"],
    handle: async ({ actor, params, body, ip }) => {
      const { exam, attempt } = await findOwnAttempt(context, {
        actor,
        ip,
        examinationId: params.examinationId,
        token: body.token,
      });
      if (!isResultOut(exam, attempt)) throw new RefusalError("exam-not-released");
      const shown = filesOfResult(await readFrozenPaper(db, exam.id), exam, attempt);
      return await answerWith(db, packages, { examinationId: exam.id, fileId: params.fileId }, shown);
    },
  });
}

type Wanted = { readonly examinationId: string; readonly fileId: string };

/** @throws RefusalError not-found */
async function answerWith(db: Db, packages: OpenedPackages, { examinationId, fileId }: Wanted, shown: ReadonlySet<string>) {
  const file = shown.has(fileId) ? await packages.fileOf(db, examinationId, fileId) : null;
  if (!file || !isServed(file.type)) throw new RefusalError("not-found", examText("no-paper-file"));
  return servedFile(file.id, file.type, Buffer.from(file.bytes));
}

/** Null: the actor marks nothing of the examination. */
async function filesOfMarker(db: Db, actor: Actor, examId: string): Promise<ReadonlySet<string> | null> {
  try {
    const { exam, leads, marks } = await findMarker(db, actor, examId);
    if (exam.published_at === null) return new Set();
    const paper = await readFrozenPaper(db, exam.id);
    return leads ? filesOf(paper) : filesOf(markedBy(paper, marks));
  } catch (error) {
    if (error instanceof RefusalError) return null;
    throw error;
  }
}

/** @throws RefusalError not-found */
async function filesOfCandidate(db: Db, actor: Actor, examId: string): Promise<ReadonlySet<string>> {
  const { exam, attempt } = await attemptOfReader(db, actor, examId);
  return filesOfResult(await readFrozenPaper(db, exam.id), exam, attempt);
}

/** A marker who does not work with the examination sees the questions that they mark, and the passages of these. */
function markedBy(paper: AuthoredPaper, marks: (question: string) => boolean): Pick<AuthoredPaper, "sections"> {
  return {
    sections: paper.sections.map((section) => {
      const questions = section.questions.filter(({ question }) => marks(question.id));
      const passages = section.passages.filter(({ id: passage }) => questions.some(({ question }) => question.passage === passage));
      return { ...section, questions, passages };
    }),
  };
}
