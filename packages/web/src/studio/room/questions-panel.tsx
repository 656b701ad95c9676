/** Shows the questions of the class: open ones first, by votes. The teacher answers in writing, or marks one as answered. */

import { MAX_QUESTION_TEXT, type Question, questionsOf } from "@lectern/room";
import { Menu } from "@lectern/ui";
import { useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";
import { WriteForm } from "./write-form.tsx";

export function QuestionsPanel() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const questions = questionsOf(room.held("question"));
  return (
    <div className="panel-scroll">
      {questions.length === 0 ? <p className="text-muted">{t("room.noQuestions")}</p> : null}
      <ul className="questions" aria-label={t("room.tabs.questions")}>
        {questions.map((question) => (
          <QuestionRow key={question.ref} question={question} />
        ))}
      </ul>
    </div>
  );
}

function QuestionRow({ question: { ref, key, text, votes, isAnswered, answer, author } }: { question: Question }) {
  const { t } = useTranslation();
  const { act, setNotice } = useTeacherRoom();
  const [isWriting, setWriting] = useState(false);
  const remove = async (): Promise<void> => {
    const undo = () => void act("moderation", { action: "restore", key });
    if (await act("moderation", { action: "delete", key })) setNotice({ text: t("room.deleted"), isFailure: false, undo });
  };
  const reply = async (written: string): Promise<boolean> => {
    const isDone = await act("question", { action: "answer", ref, ...(written ? { text: written } : {}) });
    if (isDone) setWriting(false);
    return isDone;
  };
  return (
    <li className={isAnswered ? "answered" : ""}>
      <div className="row top">
        <span className="votes" title={t("room.votes", { count: votes })}>
          <span aria-hidden="true">▲ {votes}</span>
          <span className="only-spoken">{t("room.votes", { count: votes })}</span>
        </span>
        <span className="grow line-text">
          {text}
          <small className="text-muted">{author.name}</small>
        </span>
        <Menu
          label={`${t("room.more")}: ${text}`}
          items={() => [
            ...(isAnswered ? [{ label: t("room.reopen"), run: () => void act("question", { action: "reopen", ref }) }] : []),
            { label: t("room.delete"), run: () => void remove(), isDanger: true },
          ]}
        />
      </div>
      {answer ? <p className="line-text answer">{answer}</p> : null}
      {isAnswered ? <small className="text-muted">✓ {t("room.isAnswered")}</small> : null}
      {isAnswered || isWriting ? null : (
        <div className="chips">
          <button
            type="button"
            className="button small"
            aria-label={`${t("room.markAnswered")}: ${text}`}
            onClick={() => void reply("")}
          >
            {t("room.markAnswered")}
          </button>
          <button
            type="button"
            className="button small"
            aria-label={`${t("room.writeAnswer")}: ${text}`}
            onClick={() => setWriting(true)}
          >
            {t("room.writeAnswer")}
          </button>
        </div>
      )}
      {isWriting ? (
        <WriteForm
          label={t("room.writeAnswer")}
          maxLength={MAX_QUESTION_TEXT}
          hasFocus
          onSend={reply}
          onCancel={() => setWriting(false)}
        />
      ) : null}
    </li>
  );
}
