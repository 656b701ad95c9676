/** Asks the question of a mistake again, grades the answer on the device, and says at once whether it is right. */
import type { WrongAnswer } from "@lectern/client";
import type { AnswerValue, QuestionScore } from "@lectern/exam";
import { useState } from "react";
import { isAnswered } from "../../exam/paper/is-answered.ts";
import { QuestionView } from "../../exam/paper/question-view.tsx";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { WrongAnswerSolution } from "./mistake-solution.tsx";
import { gradePractice, practiceQuestion } from "./practice-question.ts";
import { usePractice } from "./use-mistakes.ts";

type PracticeCardProps = { readonly mistake: WrongAnswer; readonly number: number; readonly onClose: () => void };

const newSeed = () => Math.floor(Math.random() * 2 ** 31);

export function PracticeCard({ mistake, number, onClose }: PracticeCardProps) {
  const { t } = useTranslation();
  const { practise } = usePractice();
  const [seed, setSeed] = useState(newSeed);
  const [question, setQuestion] = useState(() => practiceQuestion(mistake, seed));
  const [value, setValue] = useState<AnswerValue>(null);
  const [score, setScore] = useState<QuestionScore | null>(null);
  const [practice, setPractice] = useState<WrongAnswer["practice"] | null>(null);
  const [error, setError] = useState("");
  const check = async (): Promise<void> => {
    setScore(gradePractice(mistake, value));
    try {
      setPractice(await practise(mistake.id, value));
    } catch (failure) {
      setError(t("mistakes.notStored", { message: errorMessage(failure, t("offline")) }));
    }
  };
  const again = (): void => {
    const next = newSeed();
    setSeed(next);
    setQuestion(practiceQuestion(mistake, next));
    setValue(null);
    setScore(null);
    setPractice(null);
    setError("");
  };
  return (
    <div className="practice">
      <QuestionView key={seed} question={question} number={number} value={value} isDisabled={score !== null} onChange={setValue} />
      <div role="status">
        {score ? <Verdict score={score} practice={practice} /> : null}
        {error ? <p className="error">{error}</p> : null}
      </div>
      {score ? <WrongAnswerSolution mistake={mistake} /> : null}
      <div className="mistake-ways">
        {score ? (
          <button type="button" className="button" onClick={again}>
            {t("mistakes.next")}
          </button>
        ) : (
          <button type="button" className="button primary" disabled={!isAnswered(value)} onClick={() => void check()}>
            {t("mistakes.check")}
          </button>
        )}
        <button type="button" className="button quiet" onClick={onClose}>
          {t("mistakes.close")}
        </button>
      </div>
    </div>
  );
}

function Verdict({ score, practice }: { readonly score: QuestionScore; readonly practice: WrongAnswer["practice"] | null }) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 2 });
  const { points, of } = score;
  if (points < of)
    return (
      <p className="verdict-wrong">
        {points > 0 ? t("mistakes.isPartly", { points: number(points), of: number(of) }) : t("mistakes.isWrong")}
      </p>
    );
  return (
    <p className="verdict-right">
      {t("mistakes.isRight")} {practice ? t(practice.knownAt === null ? "mistakes.onceMore" : "mistakes.nowKnown") : null}
    </p>
  );
}
