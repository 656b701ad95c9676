/** Shows where a person writes: a message, only to the teacher, or a comment that flies over the video. */

import { serverClock } from "@lectern/player/server-clock";
import { MAX_CHAT_TEXT, MAX_DANMAKU_TEXT, type RoomSettings } from "@lectern/room";
import { Icon, Popup } from "@lectern/ui";
import { CLOSE_ICON, LINES_ICON, LOCK_ICON, SEND_ICON, SMILE_ICON } from "@lectern/ui/icons";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSecondsUntil } from "../../../schedule/use-now.ts";
import { type TextKey, useTranslation } from "../../../texts/use-translation.ts";
import type { Sending } from "../../parts/use-send.ts";
import type { ChatLine } from "./chat-lines.ts";
import { EMOJI } from "./emoji.ts";
import type { PendingReview } from "./use-pending-review.ts";

type ChatFormProps = {
  readonly settings: RoomSettings;
  readonly isMuted: boolean;
  readonly replyTo: ChatLine | null;
  readonly onReplyEnd: () => void;
  readonly sending: Sending;
  /** A message that waits to be read by somebody. */
  readonly waiting: PendingReview;
};

type Mode = "chat" | "comment" | "private";

export function ChatForm({ settings, isMuted, replyTo, onReplyEnd, sending, waiting }: ChatFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Mode>("chat");
  const field = useRef<HTMLInputElement | null>(null);
  const [waitsUntil, setWaitsUntil] = useState<number | null>(null);
  const secondsLeft = useSecondsUntil(waitsUntil) ?? 0;
  const wait = (seconds: number): void => setWaitsUntil(serverClock.now() + seconds * 1000);
  const isChatOff = settings.chat === "off";
  const mode: Mode = chosen === "comment" && !settings.danmaku ? "chat" : isChatOff && settings.danmaku ? "comment" : chosen;
  useEffect(() => {
    if (replyTo) field.current?.focus();
  }, [replyTo]);
  const isBlocked = isMuted || (isChatOff && !settings.danmaku);
  const send = async (): Promise<void> => {
    const written = text.trim();
    if (written === "" || secondsLeft > 0) return;
    setText("");
    waiting.clear();
    onReplyEnd();
    // A countdown that the server does not keep would only annoy.
    if (mode !== "comment" && settings.slowSeconds > 0) wait(settings.slowSeconds);
    const reply = replyTo && mode !== "comment" ? { replyTo: replyTo.ref } : {};
    const to = mode === "private" ? { to: "staff" } : {};
    const done =
      mode === "comment"
        ? await sending.send("danmaku", { text: written }, wait)
        : await sending.send("chat", { text: written, ...reply, ...to }, wait);
    if (done) waiting.note(done);
    // What was refused is there again, to be changed.
    else setText((now) => (now === "" ? written : now));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const label = t(mode === "comment" ? "writeComment" : mode === "private" ? "writePrivately" : "write");
  const notice = noticeOf({ isBlocked, isMuted, settings, secondsLeft, failure: sending.failure, held: waiting.state });
  return (
    <form className="chat-form" onSubmit={submit}>
      {replyTo ? (
        <p className="chat-replying">
          <span>{t("replyingTo", { name: replyTo.author.name, text: replyTo.text?.slice(0, 60) })}</span>
          <button type="button" aria-label={t("cancelReply")} onClick={onReplyEnd}>
            <Icon drawing={CLOSE_ICON} />
          </button>
        </p>
      ) : null}
      {notice ? (
        <p className={notice.isError ? "chat-notice error" : "chat-notice"} role={notice.isError ? "alert" : "status"}>
          {"text" in notice ? notice.text : t(notice.key, { seconds: secondsLeft })}
        </p>
      ) : null}
      <div className="chat-write">
        <input
          ref={field}
          value={text}
          maxLength={mode === "comment" ? MAX_DANMAKU_TEXT : MAX_CHAT_TEXT}
          aria-label={label}
          placeholder={label}
          disabled={isBlocked}
          autoComplete="off"
          enterKeyHint="send"
          onChange={(event) => {
            setText(event.target.value);
            if (sending.failure) sending.clear();
          }}
        />
        <EmojiButton onPick={(emoji) => setText((now) => `${now}${emoji}`)} isDisabled={isBlocked} />
        <button type="submit" className="send-button" aria-label={t("sendMessage")} disabled={isBlocked || secondsLeft > 0}>
          {secondsLeft > 0 ? <span aria-hidden="true">{secondsLeft}</span> : <Icon drawing={SEND_ICON} />}
        </button>
      </div>
      {isBlocked ? null : <Modes {...{ mode, settings }} onToggle={(wanted) => setChosen(mode === wanted ? "chat" : wanted)} />}
    </form>
  );
}

type ModesProps = { readonly mode: Mode; readonly settings: RoomSettings; readonly onToggle: (mode: Mode) => void };

function Modes({ mode, settings, onToggle }: ModesProps) {
  const { t } = useTranslation();
  return (
    <div className="chat-modes">
      {settings.danmaku && settings.chat !== "off" ? (
        <button type="button" aria-pressed={mode === "comment"} onClick={() => onToggle("comment")}>
          <Icon drawing={LINES_ICON} /> {t("commentToggle")}
        </button>
      ) : null}
      {settings.chat === "everybody" ? (
        <button type="button" aria-pressed={mode === "private"} onClick={() => onToggle("private")}>
          <Icon drawing={LOCK_ICON} /> {t("privateToggle")}
        </button>
      ) : null}
    </div>
  );
}

type NoticeFacts = {
  readonly isBlocked: boolean;
  readonly isMuted: boolean;
  readonly settings: RoomSettings;
  readonly secondsLeft: number;
  readonly failure: string;
  readonly held: PendingReview["state"];
};

type Notice = ({ readonly key: TextKey } | { readonly text: string }) & { readonly isError: boolean };

function noticeOf(facts: NoticeFacts): Notice | null {
  if (facts.failure !== "") return { text: facts.failure, isError: true };
  if (facts.isMuted) return { key: "muted", isError: false };
  if (facts.isBlocked) return { key: "chatOff", isError: false };
  if (facts.held === "waiting") return { key: "held", isError: false };
  if (facts.held === "refused") return { key: "heldRefused", isError: true };
  if (facts.secondsLeft > 0) return { key: "slow", isError: false };
  return facts.settings.chat === "staff" ? { key: "chatStaff", isError: false } : null;
}

function EmojiButton({ onPick, isDisabled }: { onPick: (emoji: string) => void; isDisabled: boolean }) {
  const { t } = useTranslation();
  if (isDisabled) return null;
  return (
    <Popup
      className="emoji"
      label={t("emoji")}
      buttonClass="emoji-button"
      buttonLabel={t("emoji")}
      face={<Icon drawing={SMILE_ICON} />}
    >
      <div className="emoji-grid">
        {EMOJI.map((emoji) => (
          <button key={emoji} type="button" onClick={() => onPick(emoji)}>
            {emoji}
          </button>
        ))}
      </div>
    </Popup>
  );
}
