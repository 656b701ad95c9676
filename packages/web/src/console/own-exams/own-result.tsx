/** Shows the own result of an examination, as the candidate's page does: on whatever device it was sat. */
import { SkeletonRows } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import "../../exam/exam.css";
import "../../exam/paper/paper.css";
import { loadOwnFile } from "../../exam/attempt/exam-calls.ts";
import { examFileUrl } from "../../exam/media/media-source.ts";
import { EXAM_MESSAGES } from "../../exam/messages.ts";
import { Result } from "../../exam/views/result.tsx";
import { addTranslations } from "../../i18n.ts";
import { formatDateTime } from "../../language.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import "./own-exams.css";

addTranslations(EXAM_MESSAGES);

export function OwnResult({ examinationId }: { readonly examinationId: string }) {
  const { t, i18n } = useTranslation();
  const result = useQuery({
    queryKey: ["own result", examinationId],
    queryFn: () => unwrap(api().POST("/api/v1/exams/{examinationId}/result", { params: { path: { examinationId } }, body: {} })),
  });
  const { data } = result;
  return (
    <div className="own-result">
      <Link href="/examinations">{t("ownExams.title")}</Link>
      <h1 dir="auto">{data?.title ?? t("ownExams.result")}</h1>
      {result.isPending ? <SkeletonRows rows={3} label={t("loading")} /> : null}
      {result.error ? <p role="alert">{errorMessage(result.error, t("offline"))}</p> : null}
      {data?.handedInAt ? (
        <p className="text-muted">{t("ownExams.handedInAt", { time: formatDateTime(data.handedInAt, i18n.language) })}</p>
      ) : null}
      {data ? (
        <Result
          result={data}
          loadFile={(id) => loadOwnFile(examinationId, null, id)}
          media={{ urlOf: (file) => examFileUrl(examinationId, file) }}
        />
      ) : null}
    </div>
  );
}
