/** Lists what the teacher may do with a line of the chat and with its author. */

import { type ChatLine, pinOf } from "@lectern/room";
import type { MenuItem } from "@lectern/ui";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";
import { usePersonMenu } from "./use-person-menu.ts";

export function useLineMenu(onReply: (line: ChatLine) => void): (line: ChatLine) => readonly MenuItem[] {
  const { t } = useTranslation();
  const { room, act, setNotice } = useTeacherRoom();
  const personMenu = usePersonMenu();
  const pinnedKey = pinOf(room.one("pin"))?.key ?? null;
  const restore = (key: string) => act("moderation", { action: "restore", key });
  const remove = async (key: string): Promise<void> => {
    if (!(await act("moderation", { action: "delete", key }))) return;
    setNotice({ text: t("room.deleted"), isFailure: false, undo: () => void restore(key) });
  };
  return (line) => {
    const { key, text, author } = line;
    if (text === null) return [{ label: t("room.restore"), run: () => void restore(key) }];
    const isPinned = key === pinnedKey;
    return [
      { label: t("room.reply"), run: () => onReply(line) },
      {
        label: t(isPinned ? "room.unpin" : "room.pin"),
        run: () => void act("moderation", { action: isPinned ? "unpin" : "pin", key }),
      },
      { label: t("room.announce"), run: () => void act("announcement", { action: "post", text }) },
      { label: t("room.delete"), run: () => void remove(key), isDanger: true },
      ...(author.isStaff ? [] : personMenu(author)),
    ];
  };
}
