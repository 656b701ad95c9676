/** Loads a photo, or recorded sound, of an answer. Null: the server does not have it. */
import { api } from "../../../session/api.ts";
import { fileOf } from "../../../session/file-answer.ts";

/** @throws Error: no answer arrived, or a refusal */
export async function loadAnswerFile(examinationId: string, attemptId: string, fileId: string): Promise<Blob | null> {
  const params = { path: { examinationId, attemptId, fileId } };
  const path = "/api/v1/exams/{examinationId}/attempts/{attemptId}/files/{fileId}";
  return fileOf(await api().GET(path, { params, parseAs: "blob" }));
}
