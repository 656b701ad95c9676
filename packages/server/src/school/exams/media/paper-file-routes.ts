/** Serves the API routes for pictures and sound of papers: they are sent before the paper that names them is saved. */
import type { Readable } from "node:stream";
import { Readable as Stream } from "node:stream";
import { type AuthoredPaper, filesOf, LIMITS } from "@lectern/exam";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { readWhole } from "../../foundation/requests/whole-body.ts";
import type { ExamContext } from "../exam-context.ts";
import { findPaper, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import { isServed, servedFile } from "../files/served-file.ts";
import { readFrozenPaper } from "../grading/frozen-papers.ts";
import { findMarker, READ_MARKING } from "../marking/marking-rights.ts";
import { OpenedPackages } from "./opened-packages.ts";

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
  return [addRoute(context), getRoute(context), getPublishedRoute(context, new OpenedPackages(context.storedSecrets))];
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
    summary: "Get a picture, or sound, of the paper as it was published: for those who mark",
    access: READ_MARKING,
    rights: ["00000---", "00000---"],
    reads: { unlogged: "questions, and no answers" },
    params: z.strictObject({ examinationId: id, fileId: z.string().max(40) }),
    status: 200,
    answer: content,
    answerType: "*/*",
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const { exam, leads, marks } = await findMarker(db, actor, params.examinationId);
      const paper = exam.published_at === null ? null : await readFrozenPaper(db, exam.id);
      const shown = paper && (leads ? filesOf(paper) : filesOf(markedBy(paper, marks)));
      const file = shown?.has(params.fileId) ? await packages.fileOf(db, exam.id, params.fileId) : null;
      if (!file || !isServed(file.type)) throw new RefusalError("not-found", examText("no-paper-file"));
      return servedFile(file.id, file.type, Buffer.from(file.bytes));
    },
  });
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
