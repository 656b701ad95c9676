/** Shows one of the own examinations in a list: when it is, how far one is with it, and the way in or to the result. */
import type { OwnExamination } from "@lectern/client";
import { Badge } from "@lectern/ui";
import { Link } from "wouter";
import { formatDateTime } from "../../language.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type ExamProgress, progressOf } from "./exam-progress.ts";

const TONES = {
  coming: "neutral",
  waits: "accent",
  open: "on-air",
  sitting: "on-air",
  "handed-in": "warning",
  released: "success",
  missed: "neutral",
} as const satisfies Readonly<Record<ExamProgress, string>>;

type OwnExamRowProps = {
  readonly exam: OwnExamination;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export function OwnExamRow({ exam, now }: OwnExamRowProps) {
  const { t } = useTranslation();
  const progress = progressOf(exam, now);
  return (
    <li className="own-exam">
      <div className="own-exam-what">
        <strong dir="auto">{exam.title}</strong>
        {exam.course === null ? null : (
          <span className="text-muted" dir="auto">
            {exam.course}
          </span>
        )}
        <Badge tone={TONES[progress]}>{t(`ownExams.states.${progress}`)}</Badge>
      </div>
      <ExamTimes exam={exam} progress={progress} />
      <div className="own-exam-ways">
        <EntryButton exam={exam} progress={progress} />
        {exam.attempt?.isResultOut ? (
          <Link className="button" href={`/examinations/${exam.id}`} aria-label={t("ownExams.resultOf", { title: exam.title })}>
            {t("ownExams.result")}
          </Link>
        ) : null}
      </div>
    </li>
  );
}

type PartProps = { readonly exam: OwnExamination; readonly progress: ExamProgress };

function ExamTimes({ exam, progress }: PartProps) {
  const { t, i18n } = useTranslation();
  const when = (time: string) => formatDateTime(time, i18n.language);
  const { attempt, opensAt, closesAt, latestEntryAt, seconds } = exam;
  const facts: string[] = [];
  if (progress === "coming" || progress === "waits") facts.push(t("ownExams.begins", { time: when(opensAt) }));
  if (progress === "open" && latestEntryAt !== null) facts.push(t("ownExams.latestEntry", { time: when(latestEntryAt) }));
  if (progress === "sitting" && attempt?.endsAt) facts.push(t("ownExams.until", { time: when(attempt.endsAt) }));
  else if (attempt?.handedInAt) facts.push(t("ownExams.handedInAt", { time: when(attempt.handedInAt) }));
  else facts.push(t("ownExams.closes", { time: when(closesAt) }));
  if (["coming", "waits", "open"].includes(progress)) facts.push(t("ownExams.length", { count: Math.round(seconds / 60) }));
  return (
    <p className="own-exam-facts text-muted">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      <PointsText exam={exam} />
    </p>
  );
}

function PointsText({ exam: { attempt } }: Pick<PartProps, "exam">) {
  const { t, i18n } = useTranslation();
  if (!attempt?.isResultOut) return null;
  if (attempt.points === null || attempt.of === null) return <span>{t("ownExams.grading")}</span>;
  const number = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return (
    <>
      <strong className="own-exam-points">
        {t("ownExams.points", { points: number(attempt.points), of: number(attempt.of) })}
      </strong>
      {attempt.waiting ? <span>{t("ownExams.marking", { count: attempt.waiting })}</span> : null}
    </>
  );
}

function EntryButton({ exam: { title, code, attempt, state }, progress }: PartProps) {
  const { t } = useTranslation();
  if (state !== "open" && state !== "coming") return null;
  const action = t(
    progress === "coming"
      ? "ownExams.look"
      : progress === "waits"
        ? "ownExams.waitingRoom"
        : progress === "sitting"
          ? "ownExams.goOn"
          : attempt === null
            ? "ownExams.enter"
            : "ownExams.again",
  );
  return (
    <a
      className={state === "open" ? "button primary" : "button"}
      href={`/exam/${encodeURIComponent(code)}`}
      aria-label={`${action}: ${title}`}
    >
      {action}
    </a>
  );
}
