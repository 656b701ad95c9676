/** Shows the photos, or the recorded sound, of an answer to those who mark it. */
import type { ExamMarking } from "@lectern/client";
import { uploadsOf } from "../../../exam/files/named-uploads.ts";
import { ShownFiles } from "../../../exam/files/shown-files.tsx";
import { loadAnswerFile } from "./load-answer-file.ts";

type MarkedFilesProps = {
  readonly examinationId: string;
  readonly answer: Pick<ExamMarking["items"][number], "attemptId" | "value" | "files">;
};

export function MarkedFiles({ examinationId, answer: { attemptId, value, files } }: MarkedFilesProps) {
  const load = (fileId: string) => loadAnswerFile(examinationId, attemptId, fileId);
  return <ShownFiles files={files} named={uploadsOf(value).length} attemptId={attemptId} load={load} />;
}
