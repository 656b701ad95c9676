/** Shows the photos, or the recorded sound, of an answer to those who mark it. */
import type { ExamMarking } from "@lectern/client";
import { uploadsOf } from "../../../exam/files/named-uploads.ts";
import { ShownFiles } from "../../../exam/files/shown-files.tsx";
import { api } from "../../../session/api.ts";

type MarkedFilesProps = {
  readonly examinationId: string;
  readonly answer: Pick<ExamMarking["items"][number], "attemptId" | "value" | "files">;
};

export function MarkedFiles({ examinationId, answer: { attemptId, value, files } }: MarkedFilesProps) {
  const load = async (fileId: string): Promise<Blob | null> => {
    const params = { path: { examinationId, attemptId, fileId } };
    const path = "/api/v1/exams/{examinationId}/attempts/{attemptId}/files/{fileId}";
    const { data, response } = await api().GET(path, { params, parseAs: "blob" });
    if (response.status === 404) return null;
    if (!data) throw new Error(`the file was refused with ${response.status}`);
    return data as unknown as Blob;
  };
  return <ShownFiles files={files} named={uploadsOf(value).length} attemptId={attemptId} load={load} />;
}
