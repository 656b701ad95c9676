/** Shows what a group says among itself, and what staff write to all groups, with a field to write in. */
import { groupLinesOf, MAX_CHAT_TEXT, settingsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CLOSE_ICON, SEND_ICON } from "@lectern/ui/icons";
import { type FormEvent, useCallback, useMemo, useState } from "react";
import type { Room } from "../../../room/use-room.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useSend } from "../../parts/use-send.ts";
import { type ChatLine, ChatLines, sendingLines } from "../chat/chat-lines.ts";
import { ChatList } from "../chat/chat-list.tsx";
import { usePendingReview } from "../chat/use-pending-review.ts";

type GroupChatProps = { readonly room: Room; readonly division: string; readonly group: number };

const NONE: readonly never[] = [];

export function GroupChat({ room, division, group }: GroupChatProps) {
  const { t } = useTranslation();
  const sending = useSend(room);
  const waiting = usePendingReview(room);
  const [text, setText] = useState("");
  const [replyTo, setReplyTo] = useState<ChatLine | null>(null);
  const all = room.held("group-chat");
  const ownId = room.you?.id ?? null;
  const held = useMemo(() => groupLinesOf(all, division, group), [all, division, group]);
  const [cache] = useState(() => new ChatLines());
  const stored = useMemo(() => cache.lines(held, NONE, ownId), [cache, held, ownId]);
  const lines = [...stored, ...sendingLines(room.pending, held, room.you?.name ?? "", true)];
  const isBlocked = settingsOf(room.one("settings")?.body).chat === "off" || (ownId !== null && room.one(`mute/${ownId}`) !== null);
  const reply = useCallback((line: ChatLine) => setReplyTo(line), []);
  const send = async (): Promise<void> => {
    const written = text.trim();
    if (written === "") return;
    setText("");
    setReplyTo(null);
    waiting.clear();
    const done = await sending.send("chat", { text: written, to: "group", ...(replyTo ? { replyTo: replyTo.ref } : {}) });
    if (done) waiting.note(done);
    // What was refused is there again, to be changed.
    else setText((now) => (now === "" ? written : now));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const notice = sending.failure || (waiting.state === null ? "" : t(waiting.state === "waiting" ? "held" : "heldRefused"));
  return (
    <div className="chat group-chat">
      <ChatList
        lines={lines}
        label={t("groups.chat")}
        onReply={isBlocked ? null : reply}
        before={lines.length === 0 ? <p className="empty">{t("groups.none")}</p> : null}
      />
      <form className="chat-form" onSubmit={submit}>
        {replyTo ? (
          <p className="chat-replying">
            <span>{t("replyingTo", { name: replyTo.author.name, text: replyTo.text?.slice(0, 60) })}</span>
            <button type="button" aria-label={t("cancelReply")} onClick={() => setReplyTo(null)}>
              <Icon drawing={CLOSE_ICON} />
            </button>
          </p>
        ) : null}
        {notice === "" ? null : (
          <p
            className={sending.failure === "" ? "chat-notice" : "chat-notice error"}
            role={sending.failure === "" ? "status" : "alert"}
          >
            {notice}
          </p>
        )}
        <div className="chat-write">
          <input
            value={text}
            maxLength={MAX_CHAT_TEXT}
            aria-label={t("groups.write")}
            placeholder={t("groups.write")}
            disabled={isBlocked}
            autoComplete="off"
            enterKeyHint="send"
            onChange={(event) => {
              setText(event.target.value);
              if (sending.failure) sending.clear();
            }}
          />
          <button type="submit" className="send-button" aria-label={t("sendMessage")} disabled={isBlocked}>
            <Icon drawing={SEND_ICON} />
          </button>
        </div>
      </form>
    </div>
  );
}
