/** Shows the chat as the teacher has it: pinned line, announcements, the lines with a menu for each, and where the next line goes. */

import { announcementsOf, type ChatLine, chatLinesOf, MAX_ANNOUNCEMENT_TEXT, MAX_CHAT_TEXT, pinOf, textOf } from "@lectern/room";
import { Button } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { ChatList } from "./chat-list.tsx";
import { useTeacherRoom } from "./teacher-room.ts";
import { useLineMenu } from "./use-line-menu.ts";
import { WriteForm } from "./write-form.tsx";

export function ChatPanel() {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const [replied, setReplied] = useState<ChatLine | null>(null);
  const lines = chatLinesOf(room.held("chat"));
  const menuOf = useLineMenu(setReplied);
  const pin = pinOf(room.one("pin"));
  return (
    <div className="chat-panel">
      <div className="chat-top">
        {announcementsOf(room.held("announcement")).map(({ key, ref, text }) => (
          <p key={key} className="announcement">
            <span className="grow line-text">
              <strong>{t("room.announcement")}</strong> {text}
            </span>
            <button
              type="button"
              className="button small"
              aria-label={`${t("room.removeAnnouncement")}: ${text}`}
              onClick={() => void act("announcement", { action: "remove", ref })}
            >
              {t("room.removeAnnouncement")}
            </button>
          </p>
        ))}
        {pin ? (
          <p className="announcement">
            <span className="grow line-text">
              <strong>{t("room.pinned")}</strong> {pin.text}
            </span>
            <button
              type="button"
              className="button small"
              onClick={() => void act("moderation", { action: "unpin", key: pin.key })}
            >
              {t("room.unpin")}
            </button>
          </p>
        ) : null}
      </div>
      <ChatList
        lines={lines}
        pending={room.pending.flatMap(({ id, kind, body }) => {
          const text = kind === "chat" && body["to"] !== "group" ? textOf(body, "text") : null;
          return text === null ? [] : [{ id, text }];
        })}
        menuOf={menuOf}
      />
      <Compose replied={replied} onReplied={() => setReplied(null)} />
    </div>
  );
}

type Target = "all" | "staff" | "person" | "announcement";

function Compose({ replied, onReplied }: { replied: ChatLine | null; onReplied: () => void }) {
  const { t } = useTranslation();
  const { act, addressee, writeTo } = useTeacherRoom();
  const [chosen, setTarget] = useState<Target>("all");
  const target = addressee ? "person" : chosen;
  const choose = (next: string): void => {
    const known = (["all", "staff", "announcement"] as const).find((one) => one === next);
    if (known === undefined) return;
    writeTo(null);
    setTarget(known);
  };
  const send = async (text: string): Promise<boolean> => {
    if (target === "announcement") {
      setTarget("all");
      return await act("announcement", { action: "post", text });
    }
    const to = target === "person" ? { to: addressee?.id } : target === "staff" ? { to: "staff" } : {};
    const isDone = await act("chat", { text, ...to, ...(replied ? { replyTo: replied.ref } : {}) });
    if (isDone) onReplied();
    return isDone;
  };
  return (
    <div className="compose">
      {replied ? (
        <p className="replied">
          <span className="grow line-text">{t("room.replyingTo", { name: replied.author.name, text: replied.text ?? "" })}</span>
          <Button kind="quiet" icon={CLOSE_ICON} aria-label={t("room.noReply")} onClick={onReplied} />
        </p>
      ) : null}
      <label className="choice">
        {t("room.sendTo")}
        <select value={target} onChange={(event) => choose(event.target.value)}>
          <option value="all">{t("room.to.all")}</option>
          <option value="staff">{t("room.to.staff")}</option>
          {addressee ? <option value="person">{t("room.to.person", { name: addressee.name })}</option> : null}
          <option value="announcement">{t("room.to.announcement")}</option>
        </select>
      </label>
      <WriteForm
        key={`${replied?.ref} ${addressee?.id}`}
        label={t(target === "announcement" ? "room.writeAnnouncement" : "room.writeLine")}
        maxLength={target === "announcement" ? MAX_ANNOUNCEMENT_TEXT : MAX_CHAT_TEXT}
        hasFocus={replied !== null || addressee !== null}
        onSend={send}
      />
    </div>
  );
}
