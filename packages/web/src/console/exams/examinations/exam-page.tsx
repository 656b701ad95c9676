/** Shows one examination: its overview, the candidates who sit it, the marking, the results. */
import type { Examination } from "@lectern/client";
import { SkeletonRows } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { SubPages } from "../../list/sub-pages.tsx";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import "../exams.css";
import { isSupervised } from "../../../exam/supervision/is-supervised.ts";
import { MarkingPage } from "../marking/marking-page.tsx";
import { ExamResults } from "../results/exam-results.tsx";
import { ExamGroups } from "../supervision/exam-groups.tsx";
import { ExamOverview } from "./exam-overview.tsx";
import { ExamRun } from "./exam-run.tsx";

/** @param part as in the address; empty: the overview */
export function ExamPage({ examinationId, part }: { readonly examinationId: string; readonly part: string }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const exam = useQuery({
    queryKey: ["examination", examinationId],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}", { params: { path: { examinationId } } })),
  });
  if (exam.error)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(exam.error, t("offline")) })}
      </p>
    );
  if (!exam.data) return <SkeletonRows label={t("loading")} />;
  const isPublished = exam.data.publishedAt !== null;
  const parts = [
    { part: "", label: t("exams.overview") },
    ...(isPublished
      ? [
          { part: "run", label: t("exams.run") },
          ...(isSupervised(exam.data.supervision) ? [{ part: "supervision", label: t("supervision.title") }] : []),
          { part: "marking", label: t("exams.marking") },
          { part: "results", label: t("exams.resultsTab") },
        ]
      : []),
  ];
  const shown = parts.some((one) => one.part === part) ? part : "";
  return (
    <div className="exams-page">
      <Link className="course-back" href={schoolPath(scope, "/examinations")}>
        {t("nav.examinations")}
      </Link>
      <SubPages
        label={exam.data.title}
        pages={parts.map((one) => ({
          label: one.label,
          path: one.part === "" ? `/examinations/${examinationId}` : `/examinations/${examinationId}/${one.part}`,
          isCurrent: one.part === shown,
        }))}
      >
        <Part part={shown} exam={exam.data} />
      </SubPages>
    </div>
  );
}

function Part({ part, exam }: { readonly part: string; readonly exam: Examination }) {
  if (part === "supervision") return <ExamGroups exam={exam} />;
  if (part === "run") return <ExamRun exam={exam} />;
  if (part === "marking") return <MarkingPage examinationId={exam.id} />;
  if (part === "results") return <ExamResults exam={exam} />;
  return <ExamOverview exam={exam} />;
}
