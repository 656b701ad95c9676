/** Shows one line of the chat. */
import { Icon } from "@lectern/ui";
import { LOCK_ICON, REPLY_ICON } from "@lectern/ui/icons";
import { memo } from "react";
import { shownName } from "../../../texts/shown-name.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import type { ChatLine } from "./chat-lines.ts";

const REPLY_CHARACTERS = 80;

type ChatLineProps = { readonly line: ChatLine; readonly onReply: ((line: ChatLine) => void) | null };

export const ChatLineItem = memo(function ChatLineItem({ line, onReply }: ChatLineProps) {
  const { t, i18n } = useTranslation();
  const { author, text, reply } = line;
  const time = text === null ? "" : new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(line.at);
  return (
    <div className={`chat-line ${line.isOwn ? "own" : ""} ${line.isSending ? "sending" : ""}`}>
      <p className="chat-who">
        <bdi className={author.isStaff ? "chat-name staff" : "chat-name"}>
          {line.isOwn ? t("you") : shownName(author.name, t("erasedPerson"))}
        </bdi>
        {author.isStaff ? <span className="badge">{t("teacher")}</span> : null}
        {line.to === "all" || (typeof line.to === "object" && "members" in line.to) ? null : (
          <span className="badge quiet">
            <Icon drawing={LOCK_ICON} />
            {t("private")}
          </span>
        )}
        <span className="chat-time">{line.isSending ? t("sending") : time}</span>
      </p>
      {reply ? (
        <p className="chat-quote">
          <bdi>{shownName(reply.author.name, t("erasedPerson"))}</bdi>: {reply.text?.slice(0, REPLY_CHARACTERS) ?? t("deleted")}
        </p>
      ) : null}
      <p className={text === null ? "chat-text deleted" : "chat-text"} dir="auto">
        {text ?? t("deleted")}
      </p>
      {line.isMasked ? <p className="chat-note">{t("masked")}</p> : null}
      {onReply && text !== null && !line.isSending ? (
        <button type="button" className="chat-reply" aria-label={t("reply", { name: author.name })} onClick={() => onReply(line)}>
          <Icon drawing={REPLY_ICON} />
        </button>
      ) : null}
    </div>
  );
});
