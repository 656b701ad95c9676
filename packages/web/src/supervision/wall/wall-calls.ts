/** Asks the API for the wall of an examination, and acts on candidates. */
import { api, unwrap } from "../../session/api.ts";
import type { TalkRequested, Wall, WallDetail, WallView } from "./wall-types.ts";

/** @param limit how many candidates are shown at once @throws ApiError */
export function loadWall(examinationId: string, { groupId, state, q, offset }: WallView, limit: number): Promise<Wall> {
  const query = {
    offset,
    limit,
    ...(groupId === null ? {} : { groupId }),
    ...(state === null ? {} : state === "attention" ? { attention: true } : { state }),
    ...(q === "" ? {} : { q }),
  };
  return unwrap(api().GET("/api/v1/exams/{examinationId}/wall", { params: { path: { examinationId }, query } }));
}

/** That somebody looks at this candidate is in the audit log. @throws ApiError */
export function loadCandidate(examinationId: string, attemptId: string): Promise<WallDetail> {
  return unwrap(api().GET("/api/v1/exams/{examinationId}/wall/{attemptId}", { params: { path: { examinationId, attemptId } } }));
}

/** @param to neither: everybody that the person sees and who has not handed in @throws ApiError */
export function sendMessage(
  examinationId: string,
  text: string,
  to: { readonly attemptIds?: string[]; readonly groupId?: string },
): Promise<{ readonly sent: number }> {
  return unwrap(
    api().POST("/api/v1/exams/{examinationId}/wall/messages", {
      params: { path: { examinationId } },
      body: { text, ...to },
    }),
  );
}

/** @throws ApiError */
export async function addNote(examinationId: string, attemptId: string, text: string): Promise<void> {
  await unwrap(
    api().POST("/api/v1/exams/{examinationId}/wall/{attemptId}/notes", {
      params: { path: { examinationId, attemptId } },
      body: { text },
    }),
  );
}

export type CandidateChange = {
  readonly paused?: boolean;
  readonly addSeconds?: number;
  readonly end?: true;
  readonly groupId?: string | null;
};

/** @throws ApiError */
export function changeCandidate(examinationId: string, attemptId: string, body: CandidateChange): Promise<WallDetail> {
  return unwrap(
    api().PATCH("/api/v1/exams/{examinationId}/wall/{attemptId}", {
      params: { path: { examinationId, attemptId } },
      body,
    }),
  );
}

/** Asks the candidate to talk, or goes on with a talk. @throws ApiError */
export function requestTalk(examinationId: string, attemptId: string, talkId?: string): Promise<TalkRequested> {
  return unwrap(
    api().POST("/api/v1/exams/{examinationId}/wall/{attemptId}/talk", {
      params: { path: { examinationId, attemptId } },
      body: talkId === undefined ? {} : { talkId },
    }),
  );
}

/** @throws ApiError */
export async function endTalk(examinationId: string, attemptId: string): Promise<void> {
  await unwrap(
    api().DELETE("/api/v1/exams/{examinationId}/wall/{attemptId}/talk", { params: { path: { examinationId, attemptId } } }),
  );
}
