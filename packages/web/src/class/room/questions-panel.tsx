/** Shows questions to the teacher: the ones with the most votes first, the answered ones last. */

import { MAX_QUESTION_TEXT, type Question, questionsOf, settingsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CHECK_ICON, UP_ICON } from "@lectern/ui/icons";
import { type FormEvent, useState } from "react";
import { isObserver } from "../../room/roles.ts";
import type { Room } from "../../room/use-room.ts";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ScrollArea } from "../parts/scroll-area.tsx";
import { useSend } from "../parts/use-send.ts";
import { useKeptSet } from "./kept-set.ts";

export function QuestionsPanel({ room, lessonId }: { room: Room; lessonId: string }) {
  const { t } = useTranslation();
  const { send, failure } = useSend(room);
  const voted = useKeptSet(`votes.${lessonId}`);
  const isOn = settingsOf(room.one("settings")?.body).questions;
  const questions = questionsOf(room.held("question"));
  const vote = async (ref: string): Promise<void> => {
    const on = !voted.has(ref);
    voted.set(ref, on);
    if (!(await send("question", { action: "vote", ref, on }))) voted.set(ref, !on);
  };
  const takesPart = !isObserver(room);
  return (
    <div className="questions">
      <ScrollArea label={t("questions")}>
        {questions.length === 0 ? <p className="empty">{t(isOn ? "noQuestions" : "questionsOff")}</p> : null}
        <ul>
          {questions.map((question) => (
            <QuestionRow
              key={question.key}
              question={question}
              voted={voted}
              vote={vote}
              takesPart={takesPart}
              ownId={room.you?.id ?? null}
            />
          ))}
        </ul>
      </ScrollArea>
      {failure ? (
        <p className="chat-notice error" role="alert">
          {failure}
        </p>
      ) : null}
      {isOn && takesPart ? <AskForm onAsk={async (text) => (await send("question", { action: "ask", text })) !== null} /> : null}
    </div>
  );
}

type QuestionProps = {
  readonly question: Question;
  readonly ownId: string | null;
  readonly takesPart: boolean;
  readonly voted: { readonly has: (ref: string) => boolean };
  readonly vote: (ref: string) => Promise<void>;
};

function QuestionRow({ question, ownId, takesPart, voted, vote }: QuestionProps) {
  const { t } = useTranslation();
  const { ref, text, votes, isAnswered, answer, author } = question;
  const isOwn = author.id === ownId;
  return (
    <li className={isAnswered ? "question answered" : "question"}>
      <button
        type="button"
        className="vote"
        aria-pressed={voted.has(ref)}
        aria-label={`${t("voteFor")}. ${t("vote", { count: votes })}`}
        disabled={isAnswered || isOwn || !takesPart}
        onClick={() => void vote(ref)}
      >
        <Icon drawing={UP_ICON} />
        <span>{votes}</span>
      </button>
      <div>
        <p dir="auto">{text}</p>
        <p className="chat-note">
          {t("askedBy", { name: isOwn ? t("you") : shownName(author.name, t("erasedPerson")) })}
          {isAnswered ? (
            <span className="badge good">
              <Icon drawing={CHECK_ICON} />
              {t("answered")}
            </span>
          ) : null}
        </p>
        {answer ? <p className="question-answer">{t("answer", { text: answer })}</p> : null}
      </div>
    </li>
  );
}

/** @param onAsk returns whether the room took it */
function AskForm({ onAsk }: { onAsk: (text: string) => Promise<boolean> }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const written = text.trim();
    if (written === "") return;
    setText("");
    if (!(await onAsk(written))) setText((now) => now || written);
  };
  return (
    <form className="chat-form" onSubmit={(event) => void submit(event)}>
      <div className="chat-write">
        <input
          value={text}
          maxLength={MAX_QUESTION_TEXT}
          aria-label={t("ask")}
          placeholder={t("ask")}
          autoComplete="off"
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="send-button wide">
          {t("askButton")}
        </button>
      </div>
    </form>
  );
}
