/** Shows a student's examinations: those that come or are open, and those that are over, with the own points once they are released. */
import type { OwnExamination } from "@lectern/client";
import { SkeletonRows } from "@lectern/ui";
import { useNow } from "../../schedule/use-now.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { OwnExamRow } from "./own-exam-row.tsx";
import "./own-exams.css";
import { useOwnExams } from "./use-own-exams.ts";

export function MyExaminations() {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t("ownExams.title")}</h1>
      <ExamList title={t("ownExams.now")} none={t("ownExams.none")} query={useOwnExams("ahead")} />
      <ExamList title={t("ownExams.past")} none={t("ownExams.nonePast")} query={useOwnExams("past")} />
    </>
  );
}

type ExamListProps = { readonly title: string; readonly none: string; readonly query: ReturnType<typeof useOwnExams> };

function ExamList({ title, none, query }: ExamListProps) {
  const { t } = useTranslation();
  const { exams, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return (
    <section>
      <h2>{title}</h2>
      {isPending ? <SkeletonRows rows={2} label={t("loading")} /> : null}
      {error ? <p role="alert">{errorMessage(error, t("offline"))}</p> : null}
      {!isPending && !error && exams.length === 0 ? <p className="text-muted">{none}</p> : null}
      <OwnExamList exams={exams} />
      {hasNextPage ? (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("ownExams.more")}
        </button>
      ) : null}
    </section>
  );
}

export function OwnExamList({ exams }: { readonly exams: readonly OwnExamination[] }) {
  const now = useNow();
  if (exams.length === 0) return null;
  return (
    <ul className="own-exams">
      {exams.map((exam) => (
        <OwnExamRow key={exam.id} exam={exam} now={now} />
      ))}
    </ul>
  );
}
