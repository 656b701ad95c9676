/** Shows a student's book of mistakes: what was wrong in examinations and quizzes, the newest first, by topic; for the student, who practises, and for staff. */
import { SkeletonRows } from "@lectern/ui";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { WrongAnswerCard } from "./mistake-card.tsx";
import "./mistakes.css";
import { type PracticeState, usePractice, useWrongAnswers } from "./use-mistakes.ts";

type BookOfWrongAnswersProps = { readonly userId: string; readonly isOwn: boolean };

export function BookOfWrongAnswers({ userId, isOwn }: BookOfWrongAnswersProps) {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const state: PracticeState = parameters.get("state") === "known" ? "known" : "open";
  const topic = parameters.get("topic") ?? "";
  const [practised, setPractised] = useState<string | null>(null);
  const { refresh } = usePractice();
  const { list, mistakes, counts } = useWrongAnswers({ userId, state, topic });
  const show = (next: { state: PracticeState; topic: string }): void => {
    setPractised(null);
    setParameters({ ...(next.state === "known" ? { state: "known" } : {}), ...(next.topic ? { topic: next.topic } : {}) });
  };
  return (
    <div className="mistake-book">
      <h1>{t("mistakes.title")}</h1>
      <p className="text-muted">{t(isOwn ? "mistakes.lead" : "mistakes.leadStaff")}</p>
      <fieldset className="mistake-filter" aria-label={t("mistakes.which")}>
        <Choice isChosen={state === "open"} onChoose={() => show({ state: "open", topic })}>
          {t("mistakes.toPractise", { n: counts?.open ?? 0 })}
        </Choice>
        <Choice isChosen={state === "known"} onChoose={() => show({ state: "known", topic })}>
          {t("mistakes.known", { n: counts?.known ?? 0 })}
        </Choice>
      </fieldset>
      {counts && (counts.topics.length > 0 || topic !== "") ? (
        <label className="mistake-topics">
          <span>{t("mistakes.topics")}</span>
          <select value={topic} onChange={(event) => show({ state, topic: event.target.value })}>
            <option value="">{t("mistakes.allTopics")}</option>
            {topic !== "" && !counts.topics.some(({ name }) => name === topic) ? <option value={topic}>{topic}</option> : null}
            {counts.topics.map(({ name, count }) => (
              <option key={name} value={name}>
                {t("mistakes.topic", { name, n: count })}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {list.isPending ? <SkeletonRows rows={4} label={t("loading")} /> : null}
      {list.error ? <p role="alert">{errorMessage(list.error, t("offline"))}</p> : null}
      {list.isSuccess && mistakes.length === 0 ? (
        <p>{t(isOwn ? (state === "known" ? "mistakes.noneKnown" : "mistakes.none") : "mistakes.noneStaff")}</p>
      ) : null}
      <ol className="mistakes">
        {mistakes.map((mistake, at) => (
          <WrongAnswerCard
            key={mistake.id}
            mistake={mistake}
            number={at + 1}
            isOwn={isOwn}
            isPractising={practised === mistake.id}
            onPractise={(isPractising) => {
              setPractised(isPractising ? mistake.id : null);
              if (!isPractising) refresh();
            }}
          />
        ))}
      </ol>
      {list.hasNextPage ? (
        <button type="button" className="button" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("mistakes.more")}
        </button>
      ) : null}
    </div>
  );
}

type ChoiceProps = { readonly isChosen: boolean; readonly onChoose: () => void; readonly children: string };

function Choice({ isChosen, onChoose, children }: ChoiceProps) {
  return (
    <button type="button" className={isChosen ? "button primary" : "button"} aria-pressed={isChosen} onClick={onChoose}>
      {children}
    </button>
  );
}
