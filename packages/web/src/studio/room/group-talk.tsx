/** Shows what the group says that a teacher visits, and takes what the teacher says in it. */
import { type ChatLine, chatLinesOf, groupLinesOf, MAX_CHAT_TEXT, numberOf, textOf } from "@lectern/room";
import { useMemo, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { ChatList } from "./chat-list.tsx";
import { useTeacherRoom } from "./teacher-room.ts";
import { useLineMenu } from "./use-line-menu.ts";
import { WriteForm } from "./write-form.tsx";

export function GroupTalk({ division, group }: { readonly division: string; readonly group: number }) {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const [replied, setReplied] = useState<ChatLine | null>(null);
  const entries = room.held("group-chat");
  const lines = useMemo(() => chatLinesOf(groupLinesOf(entries, division, group)), [entries, division, group]);
  const menuOf = useLineMenu(setReplied);
  const pending = room.pending.flatMap(({ id, kind, body }) => {
    const text = kind === "chat" && body["to"] === "group" && numberOf(body, "group") === group ? textOf(body, "text") : null;
    return text === null ? [] : [{ id, text }];
  });
  const write = async (text: string): Promise<boolean> => {
    const isDone = await act("chat", { text, to: "group", group, ...(replied ? { replyTo: replied.ref } : {}) });
    if (isDone) setReplied(null);
    return isDone;
  };
  return (
    <div className="group-talk">
      <ChatList lines={lines} pending={pending} menuOf={menuOf} label={t("division.chat", { number: group })} />
      {replied ? (
        <p className="text-muted">{t("room.replyingTo", { name: replied.author.name, text: replied.text ?? "" })}</p>
      ) : null}
      <WriteForm label={t("division.write", { number: group })} maxLength={MAX_CHAT_TEXT} onSend={write} />
    </div>
  );
}
