/** Shows each question with the candidate's answer, what is right, its points, and what teachers say about it. */
import type { Media } from "@lectern/exam";
import { lazy, Suspense } from "react";
import { loadedLater } from "../../components/loaded-later.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import type { ExamResult } from "../attempt/exam-calls.ts";
import { uploadsOf } from "../files/named-uploads.ts";
import type { MediaSource } from "../media/media-source.ts";
import { answerLines, questionLine, solutionLines } from "../paper/answer-text.ts";
import { RichText } from "../paper/rich-text.tsx";
import { TitledLines } from "../paper/titled-lines.tsx";

type ResultAnswersProps = {
  readonly questions: NonNullable<ExamResult["questions"]>;
  readonly attemptId: string;
  /** The content of an own file. */
  readonly loadFile: (id: string) => Promise<Blob | null>;
  /** Of pictures and sound of the paper. */
  readonly media: MediaSource;
};

const ResultMedia = loadedLater(async () => (await import("../media/result-media.tsx")).ResultMedia);
const ShownFiles = lazy(async () => ({ default: (await import("../files/shown-files.tsx")).ShownFiles }));

export function ResultAnswers({ questions, attemptId, loadFile, media: source }: ResultAnswersProps) {
  const { t, i18n } = useTranslation();
  const words = { yes: t("paper.true"), no: t("paper.false") };
  const number = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return (
    <ol className="result-answers">
      {questions.map(({ question, media, value, files, score, solution, comment, explanation }) => {
        const isFull = score.by !== "waits" && score.points === score.of;
        return (
          <li key={question.id}>
            <p className="result-question">
              <RichText text={questionLine(question)} />
            </p>
            {media ? <ResultMedia media={media as readonly Media[]} source={source} /> : null}
            {uploadsOf(value).length > 0 ? (
              <div className="titled-lines">
                <span className="text-muted">{t("exam.yourAnswer")}</span>
                <Suspense fallback={t("exam.loading")}>
                  <ShownFiles files={files} named={uploadsOf(value).length} attemptId={attemptId} load={loadFile} />
                </Suspense>
              </div>
            ) : (
              <TitledLines title={t("exam.yourAnswer")} lines={answerLines(question, value, words)} none={t("exam.unanswered")} />
            )}
            {isFull ? null : <TitledLines title={t("exam.right")} lines={solutionLines(question, solution, words)} />}
            <p className={isFull ? "result-full" : undefined}>
              {score.by === "waits"
                ? t("exam.marking")
                : t("exam.pointsOf", { points: number(score.points), of: number(score.of) })}
            </p>
            {comment ? <TitledLines title={t("exam.comment")} lines={[comment]} /> : null}
            {explanation ? <TitledLines title={t("exam.explanation")} lines={[explanation]} /> : null}
          </li>
        );
      })}
    </ol>
  );
}
