/** Shows a student's next examinations above the lessons: what can be sat now, and what comes. Nothing where there are none. */
import { Link } from "wouter";
import { useTranslation } from "../../texts/use-translation.ts";
import { OwnExamList } from "./my-examinations.tsx";
import { useOwnExams } from "./use-own-exams.ts";

const SHOWN = 3;

export function NextExaminations() {
  const { t } = useTranslation();
  const { exams } = useOwnExams("ahead");
  const next = exams.filter(({ state }) => state === "open" || state === "coming");
  const shown = next.toSorted((a, b) => Number(b.state === "open") - Number(a.state === "open")).slice(0, SHOWN);
  if (shown.length === 0) return null;
  return (
    <section className="next-exams">
      <h2>{t("ownExams.next")}</h2>
      <OwnExamList exams={shown} />
      {exams.length > shown.length ? <Link href="/examinations">{t("ownExams.all")}</Link> : null}
    </section>
  );
}
