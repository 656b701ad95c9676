/** Shows the results of all candidates as a list for paper, by name, with the points of each. */
import type { ExamAttempt, Examination } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { SkeletonRows } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { PrintSheet } from "../../../exam/print/print-sheet.tsx";
import { formatDateTime } from "../../../language.ts";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useNumber } from "./exam-analysis.tsx";

const PAGE = 1000;

type ClassListProps = { readonly exam: Examination; readonly onClose: () => void };

export function ClassList({ exam, onClose }: ClassListProps) {
  const { t, i18n } = useTranslation();
  const number = useNumber();
  const list = useQuery({ queryKey: ["class-list", exam.id], queryFn: () => loadAll(exam.id), gcTime: 0 });
  const byName = new Intl.Collator(i18n.language).compare;
  const attempts = [...(list.data ?? [])].sort((a, b) => byName(a.name, b.name));
  const shares = attempts.flatMap(({ points, pointsOf }) => (points !== null && pointsOf ? [(100 * points) / pointsOf] : []));
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return (
    <PrintSheet label={exam.title} onClose={onClose}>
      <h1 dir="auto">{exam.title}</h1>
      <p>
        {t("printed.figures", { candidates: attempts.length, mean: number(mean, 0) })} ·{" "}
        {t("printed.asOf", { time: formatDateTime(new Date(serverClock.now()).toISOString(), i18n.language) })}
      </p>
      {list.isPending ? <SkeletonRows label={t("loading")} /> : null}
      {list.error ? <p role="alert">{t("failed", { message: errorMessage(list.error, t("offline")) })}</p> : null}
      <table>
        <thead>
          <tr>
            <th className="is-number">{t("printed.place")}</th>
            <th>{t("fields.name")}</th>
            <th className="is-number">{t("exams.score")}</th>
            <th className="is-number">{t("exams.share")}</th>
            <th>{t("printed.signature")}</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map(({ id, name, points, pointsOf }, at) => (
            <tr key={id}>
              <td className="is-number">{at + 1}</td>
              <td dir="auto">{name}</td>
              <td className="is-number">
                {points === null || pointsOf === null ? t("printed.notGraded") : `${number(points)} / ${number(pointsOf)}`}
              </td>
              <td className="is-number">{points === null || !pointsOf ? "" : `${number((100 * points) / pointsOf, 0)} %`}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </PrintSheet>
  );
}

/** Of everybody who has handed in. */
async function loadAll(examinationId: string): Promise<readonly ExamAttempt[]> {
  const found: ExamAttempt[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = { state: "handed-in" as const, limit: PAGE, ...(cursor === "" ? {} : { cursor }) };
    const page: { items: ExamAttempt[]; nextCursor: string | null } = await unwrap(
      api().GET("/api/v1/exams/{examinationId}/attempts", { params: { path: { examinationId }, query } }),
    );
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}
