/** Serves the API routes that import questions of other programs into a paper, and export a paper for them (`@lectern/exam/formats`). */
import type { Readable } from "node:stream";
import { Readable as Stream } from "node:stream";
import type { AuthoredPaper } from "@lectern/exam";
import {
  type FileError,
  LEFT_OUT,
  MAX_FILE_BYTES,
  QUESTION_FORMATS,
  readQuestions,
  WORD_LANGUAGES,
  type WrittenFile,
  wordTemplate,
  writeQuestions,
} from "@lectern/exam/formats";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { readWhole } from "../../foundation/requests/whole-body.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import { findPaper, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import { newPartId, saveContent } from "./paper-content.ts";
import { paperResponse, paperShape } from "./shapes.ts";

const TAG = "Papers";
const MAX_MISTAKES = 100;

const format = z
  .enum(QUESTION_FORMATS)
  .describe(
    "gift: Moodle's text. moodle: Moodle's XML. qti: IMS QTI 2.1, 2.2 or 3.0, an item or a package; 2.1 is written. word: a .docx by the template.",
  );
const language = z.enum(WORD_LANGUAGES).default("en").describe("Of the words of a Word document.");
const leftOutCode = z.enum(LEFT_OUT);
const FILE = {
  filename: z.string(),
  contentType: z.string(),
  content: z.string().describe("Of the file, base64."),
};
const file = z
  .custom<Readable>((value) => value instanceof Stream)
  .meta({ type: "string", description: "The file as it is, up to 4 MiB, also where it is no text." });

export function fileRoutes(context: RouteContext): ApiRoute[] {
  return [importRoute(context), exportRoute(context), templateRoute()];
}

function importRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "importExamQuestions",
    method: "POST",
    path: "/papers/:paperId/import",
    tag: TAG,
    summary:
      "Import questions of a file as a new section of a paper: all, or none where one has a mistake. To undo it, delete the section",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: z.strictObject({ paperId: id }),
    query: z.strictObject({ format }),
    body: file,
    bodyType: "text/plain",
    status: 200,
    answer: z.object({
      section: z.string().describe("The id of the new section."),
      added: z.int(),
      leftOut: z
        .array(
          z.object({
            file: z.string().nullable().describe("In a package. Null: the file that was sent."),
            line: z.int().nullable().describe("Of a Word document: the paragraph."),
            item: z.string().nullable(),
            code: leftOutCode,
          }),
        )
        .describe("What a paper cannot say, by its line or item in the file."),
      paper: paperShape,
    }),
    changes: true,
    refusals: ["not-found", "too-large", "precondition-failed", "database-away"],
    handle: async ({ actor, params, query, body, ifMatch }) => {
      const { questions, passages, mistakes, leftOut } = readQuestions(
        query.format,
        await readWhole(body, MAX_FILE_BYTES, examText("file-too-large", { max: MAX_FILE_BYTES })),
      );
      if (mistakes.length > 0) throw wrongFile(mistakes);
      return await changes.transact({ actor }, async (change) => {
        const before = await findPaper(change.trx, actor, params.paperId);
        checkVersion(before, ifMatch);
        const section = newPartId();
        const content = withSection(before.content, section, { questions, passages });
        const after = await saveContent(change, before, content, "import");
        return {
          body: {
            section,
            added: questions.length,
            leftOut: leftOut.map(({ file: part = null, line, item, code }) => ({ file: part, line, item, code })),
            paper: paperResponse(after),
          },
        };
      });
    },
  });
}

function exportRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "exportExamPaper",
    method: "GET",
    path: "/papers/:paperId/export",
    tag: TAG,
    summary: "Export the questions of a paper as a file for other programs, with what the format cannot say",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: { unlogged: "questions, and no answers" },
    params: z.strictObject({ paperId: id }),
    query: z.strictObject({ format, language }),
    status: 200,
    answer: z.object({
      ...FILE,
      leftOut: z.array(z.object({ id: z.string().describe("Of a question or a passage."), code: leftOutCode })),
    }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query }) => {
      const paper = await findPaper(db, actor, params.paperId);
      const { content, contentType, extension, leftOut } = writeQuestions(query.format, paper.content, query.language);
      return {
        body: {
          ...fileOf(`paper.${extension}`, { content, contentType }),
          leftOut: leftOut.map((one) => ({ ...one })),
        },
      };
    },
  });
}

function templateRoute(): ApiRoute {
  return route({
    id: "getQuestionTemplate",
    method: "GET",
    path: "/question-template",
    tag: TAG,
    summary: "Get the template of questions in Word, with how it is filled in and one question of each kind",
    access: READ_EXAMS,
    rights: ["++++----", null],
    reads: { unlogged: "the same for everybody" },
    query: z.strictObject({ language }),
    status: 200,
    answer: z.object(FILE),
    refusals: [],
    handle: async ({ query }) => ({ body: fileOf("questions.docx", wordTemplate(query.language)) }),
  });
}

function fileOf(filename: string, { content, contentType }: Pick<WrittenFile, "content" | "contentType">) {
  return { filename, contentType, content: Buffer.from(content).toString("base64") };
}

/** Ids of the file may be others' in the paper, so all get new ones. */
function withSection(
  content: AuthoredPaper,
  section: string,
  { questions, passages }: Pick<ReturnType<typeof readQuestions>, "questions" | "passages">,
): AuthoredPaper {
  const newIds = new Map(passages.map((passage) => [passage.id, newPartId()]));
  const added = {
    id: section,
    title: "",
    instruction: "",
    passages: passages.map((passage) => ({ ...passage, id: newIds.get(passage.id) ?? passage.id })),
    isShuffled: false,
    areOptionsShuffled: true,
    questions: questions.map((each) => {
      const { passage, ...question } = each.question;
      const own = passage === undefined ? undefined : newIds.get(passage);
      return { ...each, question: { ...question, id: newPartId(), ...(own === undefined ? {} : { passage: own }) } };
    }),
  };
  return { ...content, sections: [...content.sections, added] };
}

/** Each by its line, its item, and the part of the question: `12 (Q3) solution.right`. */
function wrongFile(errors: readonly FileError[]): RefusalError {
  const mistakes = errors.slice(0, MAX_MISTAKES).map(({ line, file: part, item, path, code }) => {
    const place = [part ?? null, line, item === null ? null : `(${item})`, path ?? null].filter((each) => each !== null);
    return { path: place.join(" "), message: examText(`error-${code}`) };
  });
  return new RefusalError(new Refusal("bad-request", examText("file-mistakes", { count: errors.length }), mistakes));
}
