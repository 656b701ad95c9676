/** Loads a photo, or recorded sound, of an answer. Null: the server does not have it. */
import { api } from "../../../session/api.ts";

/** @throws Error: no answer arrived, or a refusal */
export async function loadAnswerFile(examinationId: string, attemptId: string, fileId: string): Promise<Blob | null> {
  const params = { path: { examinationId, attemptId, fileId } };
  const path = "/api/v1/exams/{examinationId}/attempts/{attemptId}/files/{fileId}";
  const { data, response } = await api().GET(path, { params, parseAs: "blob" });
  if (response.status === 404) return null;
  if (!data) throw new Error(`the file was refused with ${response.status}`);
  return data as unknown as Blob;
}
