/** Asks the API for an examination by its code, enters it, and asks for the result. */
import { api, unwrap } from "../../session/api.ts";
import { fileOf } from "../../session/file-answer.ts";
import type { Entered, Invitation } from "./exam-types.ts";

export type Entering = {
  /** Of a guest. */
  readonly name?: string;
  /** Whether a guest agrees to the terms of the school. */
  readonly consent?: boolean;
  readonly accessCode?: string;
  /** Whether the candidate agrees to be filmed. */
  readonly supervisionConsent?: boolean;
  /** Of an earlier visit. */
  readonly token?: string;
  readonly takeOver?: boolean;
};

/** @throws ApiError */
export async function findExam(code: string): Promise<Invitation> {
  const { practice, opensAt, closesAt, latestEntryAt, entryAt, ...exam } = await unwrap(
    api().GET("/api/v1/exams/by-code/{code}", { params: { path: { code } } }),
  );
  return {
    ...exam,
    code,
    isPractice: practice,
    opensAt: Date.parse(opensAt),
    closesAt: Date.parse(closesAt),
    latestEntryAt: timeOf(latestEntryAt),
    entryAt: Date.parse(entryAt),
  };
}

/** @throws ApiError */
export async function enterExam(examinationId: string, entering: Entering): Promise<Entered> {
  const { attempt, ...entered } = await unwrap(
    api().POST("/api/v1/exams/{examinationId}/attempts", { params: { path: { examinationId } }, body: entering }),
  );
  return {
    ...entered,
    attempt: {
      ...attempt,
      examId: examinationId,
      opensAt: Date.parse(attempt.opensAt),
      startedAt: timeOf(attempt.startedAt),
      endsAt: timeOf(attempt.endsAt),
      handedInAt: timeOf(attempt.handedInAt),
    },
  };
}

export type ExamResult = Awaited<ReturnType<typeof loadResult>>;

/** @throws ApiError `exam-not-released` */
export function loadResult(examinationId: string, token: string) {
  return unwrap(api().POST("/api/v1/exams/{examinationId}/result", { params: { path: { examinationId } }, body: { token } }));
}

/** The content of an own file. Null: the server does not have it. @param token null: of the person who is signed in @throws Error: no answer arrived */
export async function loadOwnFile(examinationId: string, token: string | null, fileId: string): Promise<Blob | null> {
  const params = { path: { examinationId, fileId } };
  const answer = await api().POST("/api/v1/exams/{examinationId}/files/{fileId}", {
    params,
    body: token === null ? {} : { token },
    parseAs: "blob",
  });
  return fileOf(answer);
}

/** A picture or sound of a question that the own result shows, as `loadOwnFile`. */
export async function loadPaperFile(examinationId: string, token: string, fileId: string): Promise<Blob | null> {
  const answer = await api().POST("/api/v1/exams/{examinationId}/result/files/{fileId}", {
    params: { path: { examinationId, fileId } },
    body: { token },
    parseAs: "blob",
  });
  return fileOf(answer);
}

/** Accepts a talk with a supervisor, goes on with it, or ends it. Null: it is over. @throws ApiError */
export async function answerTalk(
  examinationId: string,
  body: { readonly token: string; readonly talkId: string; readonly answer: "accept" | "end" | "go-on" },
) {
  const { streams } = await unwrap(api().POST("/api/v1/exams/{examinationId}/talk", { params: { path: { examinationId } }, body }));
  return streams;
}

function timeOf(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
