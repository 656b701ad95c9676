/** Questions to the teacher: the ones with the most votes first, the answered ones last. */

import { Icon } from "@lectern/ui";
import { CHECK_ICON, UP_ICON } from "@lectern/ui/icons";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isWatcher } from "../../room/roles.ts";
import { settingsOf } from "../../room/room-settings.ts";
import type { Room } from "../../room/use-room.ts";
import { isBody, numberOf, textOf, type WireEntry } from "../../room/wire.ts";
import { ScrollArea } from "../parts/scroll-area.tsx";
import { useSend } from "../parts/use-send.ts";
import { useKeptSet } from "./kept-set.ts";

const MAX_TEXT = 500;

export function QuestionsPanel({ room, lessonId }: { room: Room; lessonId: string }) {
  const { t } = useTranslation();
  const { send, failure } = useSend(room);
  const voted = useKeptSet(`votes.${lessonId}`);
  const isOn = settingsOf(room).questions;
  const questions = room.held("question").toSorted(byImportance);
  const vote = async (ref: string): Promise<void> => {
    const on = !voted.has(ref);
    voted.set(ref, on);
    if (!(await send("question", { action: "vote", ref, on }))) voted.set(ref, !on);
  };
  const takesPart = !isWatcher(room);
  return (
    <div className="questions">
      <ScrollArea label={t("questions")}>
        {questions.length === 0 ? <p className="empty">{t(isOn ? "noQuestions" : "questionsOff")}</p> : null}
        <ul>
          {questions.map((entry) => (
            <Question key={entry.key} {...{ entry, voted, vote, takesPart }} ownId={room.you?.id ?? null} />
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
  readonly entry: WireEntry;
  readonly ownId: string | null;
  readonly takesPart: boolean;
  readonly voted: { readonly has: (ref: string) => boolean };
  readonly vote: (ref: string) => Promise<void>;
};

function Question({ entry: { body }, ownId, takesPart, voted, vote }: QuestionProps) {
  const { t } = useTranslation();
  const ref = textOf(body, "ref") ?? "";
  const author = isBody(body["author"]) ? body["author"] : {};
  const isAnswered = body["state"] === "answered";
  const answer = textOf(body, "answer");
  const votes = numberOf(body, "votes") ?? 0;
  const isOwn = textOf(author, "id") === ownId;
  if (body["deleted"] === true) return null;
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
        <p dir="auto">{textOf(body, "text")}</p>
        <p className="chat-note">
          {t("askedBy", { name: isOwn ? t("you") : (textOf(author, "name") ?? "") })}
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
          maxLength={MAX_TEXT}
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

function byImportance(one: WireEntry, other: WireEntry): number {
  const rank = ({ body }: WireEntry) => (body["state"] === "answered" ? -1 : (numberOf(body, "votes") ?? 0));
  return rank(other) - rank(one) || one.at - other.at;
}
