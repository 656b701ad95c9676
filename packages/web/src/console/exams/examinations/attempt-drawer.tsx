/** Shows one attempt: what was noted with its times, and the points of each question. */
import type { ExamAttempt, Examination } from "@lectern/client";
import { Drawer, SkeletonRows, Table } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useTimeZone } from "../../school/school-time.ts";
import { factWords } from "./fact-words.ts";

const REFETCH_MS = 5000;

type AttemptDrawerProps = { readonly exam: Examination; readonly attempt: ExamAttempt; readonly onClose: () => void };

export function AttemptDrawer({ exam, attempt, onClose }: AttemptDrawerProps) {
  const { t, i18n } = useTranslation();
  const timeZone = useTimeZone();
  const format = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium", timeZone });
  const path = { examinationId: exam.id, attemptId: attempt.id };
  const detail = useQuery({
    queryKey: ["exam-attempt", attempt.id],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}/attempts/{attemptId}", { params: { path } })),
    refetchInterval: REFETCH_MS,
  });
  const late = detail.data?.answers.filter(({ isLate }) => isLate).length ?? 0;
  return (
    <Drawer title={attempt.name} closeLabel={t("close")} onClose={onClose}>
      {detail.error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(detail.error, t("offline")) })}
        </p>
      ) : null}
      {detail.data ? (
        <div className="exam-overview">
          <h3>{t("exams.noted")}</h3>
          <p className="text-muted">{t("exams.notedHint")}</p>
          {detail.data.facts.length === 0 ? (
            <p>{t("exams.nothingNoted")}</p>
          ) : (
            <Table
              label={t("exams.noted")}
              rows={detail.data.facts.map((fact, at) => ({ ...fact, at }))}
              keyOf={({ at }) => String(at)}
              columns={[
                { label: t("exams.time"), cell: ({ writtenAt }) => format.format(Date.parse(writtenAt)) },
                { label: t("exams.what"), cell: ({ fact }) => factWords(t, fact) },
                {
                  label: t("exams.detail"),
                  cell: ({ fact, detail: more }) =>
                    fact === "large-paste" ? t("exams.letterCount", { count: Number(more) }) : more,
                },
              ]}
            />
          )}
          <p>{t("exams.answerCount", { count: detail.data.answers.filter(({ value }) => value !== null).length })}</p>
          {late > 0 ? <p>{t("exams.lateCount", { count: late })}</p> : null}
        </div>
      ) : (
        <SkeletonRows label={t("loading")} />
      )}
    </Drawer>
  );
}
