/** Shows the frame of the lists of examinations and of papers. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";
import "./exams.css";

type ExamPagesProps = { readonly current: "examinations" | "papers"; readonly children: ReactNode };

export function ExamPages({ current, children }: ExamPagesProps) {
  const { t } = useTranslation();
  const pages = [
    { label: t("nav.examinations"), path: "/examinations", isCurrent: current === "examinations" },
    { label: t("exams.papers"), path: "/examinations/papers", isCurrent: current === "papers" },
  ];
  return (
    <SubPages label={t("nav.examinations")} pages={pages}>
      {children}
    </SubPages>
  );
}
