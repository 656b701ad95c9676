/** Shows one mistake: the question, what was answered, what is right and why; and lets the student practise it. */
import type { WrongAnswer } from "@lectern/client";
import type { Media } from "@lectern/exam";
import { Badge } from "@lectern/ui";
import { useMemo, useState } from "react";
import { MediaContext, type ShownMedia } from "../../exam/media/media-context.ts";
import { examFileUrl } from "../../exam/media/media-source.ts";
import { ShownMediaList } from "../../exam/media/shown-media.tsx";
import { answerLines, questionLine } from "../../exam/paper/answer-text.ts";
import { RichText } from "../../exam/paper/rich-text.tsx";
import { TitledLines } from "../../exam/paper/titled-lines.tsx";
import { formatDateTime } from "../../language.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { WrongAnswerSolution } from "./mistake-solution.tsx";
import { PracticeCard } from "./practice-card.tsx";
import { usePractice } from "./use-mistakes.ts";

type WrongAnswerCardProps = {
  readonly mistake: WrongAnswer;
  readonly number: number;
  /** Whether the student looks at it. */
  readonly isOwn: boolean;
  readonly isPractising: boolean;
  readonly onPractise: (isPractising: boolean) => void;
};

export function WrongAnswerCard({ mistake, number, isOwn, isPractising, onPractise }: WrongAnswerCardProps) {
  const { t, i18n } = useTranslation();
  const { title, source, at, question, passage, points, of } = mistake;
  const media = useMemo(() => shownMedia(mistake.examinationId), [mistake.examinationId]);
  const figure = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 2 });
  return (
    <MediaContext value={media}>
      <li className="mistake">
        <p className="mistake-head text-muted">
          <Badge tone="neutral">{t(`mistakes.${source === "quiz" ? "quiz" : "exam"}`)}</Badge>
          <span dir="auto">{title}</span>
          <span>{formatDateTime(at, i18n.language)}</span>
          {points !== null && of !== null ? <span>{t("mistakes.points", { points: figure(points), of: figure(of) })}</span> : null}
          {question.knowledge?.map((topic) => (
            <Badge key={topic} tone="accent">
              <bdi>{topic}</bdi>
            </Badge>
          ))}
        </p>
        {passage ? (
          <details className="mistake-passage">
            <summary>{passage.title || t("paper.passage")}</summary>
            <RichText text={passage.text} />
            <ShownMediaList media={passage.media as readonly Media[] | undefined} />
          </details>
        ) : null}
        {isPractising ? (
          <PracticeCard mistake={mistake} number={number} onClose={() => onPractise(false)} />
        ) : (
          <Answered mistake={mistake} isOwn={isOwn} onPractise={() => onPractise(true)} />
        )}
      </li>
    </MediaContext>
  );
}

/** Of the examination; a quiz has none. */
function shownMedia(examinationId: string | null): ShownMedia {
  return { urlOf: (file) => (examinationId === null ? null : examFileUrl(examinationId, file)), player: null };
}

type AnsweredProps = { readonly mistake: WrongAnswer; readonly isOwn: boolean; readonly onPractise: () => void };

function Answered({ mistake, isOwn, onPractise }: AnsweredProps) {
  const { t } = useTranslation();
  const { question, value } = mistake;
  const words = { yes: t("paper.true"), no: t("paper.false") };
  const isFile = typeof value === "object" && value !== null && "uploads" in value;
  return (
    <>
      <p className="mistake-question">
        <RichText text={questionLine(question)} />
      </p>
      <ShownMediaList media={question.media as readonly Media[] | undefined} />
      <TitledLines
        title={t(isOwn ? "mistakes.yourAnswer" : "mistakes.studentsAnswer")}
        lines={answerLines(question, value, words)}
        none={t(isFile ? "mistakes.uploaded" : "mistakes.unanswered")}
      />
      <WrongAnswerSolution mistake={mistake} />
      {isOwn ? <Ways mistake={mistake} onPractise={onPractise} /> : null}
    </>
  );
}

function Ways({ mistake, onPractise }: Omit<AnsweredProps, "isOwn">) {
  const { t } = useTranslation();
  const { mark } = usePractice();
  const [error, setError] = useState("");
  const { id, isGradable, practice, question } = mistake;
  const isKnown = practice.knownAt !== null;
  const change = async (): Promise<void> => {
    setError("");
    try {
      await mark(id, !isKnown);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <div className="mistake-ways">
      {isGradable ? (
        <button
          type="button"
          className="button primary"
          aria-label={t("mistakes.practiseOf", { text: questionLine(question) })}
          onClick={onPractise}
        >
          {t("mistakes.practise")}
        </button>
      ) : null}
      <button type="button" className="button" onClick={() => void change()}>
        {t(isKnown ? "mistakes.notYet" : "mistakes.iKnow")}
      </button>
      {practice.rights > 0 && !isKnown ? <span className="text-muted">{t("mistakes.onceMore")}</span> : null}
      {error ? <p role="alert">{error}</p> : null}
    </div>
  );
}
