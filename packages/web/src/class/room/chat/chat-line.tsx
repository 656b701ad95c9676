/** One line of the chat. */
import { Icon } from "@lectern/ui";
import { LOCK_ICON, REPLY_ICON } from "@lectern/ui/icons";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { ChatLine } from "./chat-lines.ts";

type ChatLineProps = { readonly line: ChatLine; readonly onReply: ((line: ChatLine) => void) | null };

export const ChatLineItem = memo(function ChatLineItem({ line, onReply }: ChatLineProps) {
  const { t, i18n } = useTranslation();
  const time = line.at === 0 ? "" : new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(line.at);
  return (
    <div className={`chat-line ${line.isOwn ? "own" : ""} ${line.isSending ? "sending" : ""}`}>
      <p className="chat-who">
        <bdi className={line.isStaff ? "chat-name staff" : "chat-name"}>{line.isOwn ? t("you") : line.name}</bdi>
        {line.isStaff ? <span className="badge">{t("teacher")}</span> : null}
        {line.isPrivate ? (
          <span className="badge quiet">
            <Icon drawing={LOCK_ICON} />
            {t("private")}
          </span>
        ) : null}
        <span className="chat-time">{line.isSending ? t("sending") : time}</span>
      </p>
      {line.reply ? (
        <p className="chat-quote">
          <bdi>{line.reply.name}</bdi>: {line.reply.isDeleted ? t("deleted") : line.reply.text}
        </p>
      ) : null}
      <p className={line.isDeleted ? "chat-text deleted" : "chat-text"} dir="auto">
        {line.isDeleted ? t("deleted") : line.text}
      </p>
      {line.isMasked ? <p className="chat-note">{t("masked")}</p> : null}
      {onReply && !line.isDeleted && !line.isSending ? (
        <button type="button" className="chat-reply" aria-label={t("reply", { name: line.name })} onClick={() => onReply(line)}>
          <Icon drawing={REPLY_ICON} />
        </button>
      ) : null}
    </div>
  );
});
