/** Shows the frame of the lists of examinations and of papers. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";
import { useSchoolScope } from "../school/school-context.ts";
import "./exams.css";

type ExamPagesProps = { readonly current: "examinations" | "papers" | "scoring"; readonly children: ReactNode };

export function ExamPages({ current, children }: ExamPagesProps) {
  const { t } = useTranslation();
  // Teachers have no school to set up.
  const isAdministrator = useSchoolScope().schools.length > 0;
  const pages = [
    { label: t("nav.examinations"), path: "/examinations", isCurrent: current === "examinations" },
    { label: t("exams.papers"), path: "/examinations/papers", isCurrent: current === "papers" },
    ...(isAdministrator
      ? [{ label: t("exams.scoringService"), path: "/examinations/scoring", isCurrent: current === "scoring" }]
      : []),
  ];
  return (
    <SubPages label={t("nav.examinations")} pages={pages}>
      {children}
    </SubPages>
  );
}
