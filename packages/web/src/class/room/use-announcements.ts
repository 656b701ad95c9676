/** Tells a screen reader what happens in the room. */

import { textOf } from "@lectern/room";
import { useEffect } from "react";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Announce } from "./announcer.tsx";

export function useAnnouncements({ onEntry, you }: Room, announce: Announce): void {
  const { t } = useTranslation();
  const ownId = you?.id ?? null;
  useEffect(
    () =>
      onEntry(({ kind, from, name, gone, body }) => {
        const text = textOf(body, "text");
        if (gone || body["deleted"] === true) return;
        if (kind === "chat" && text !== null && from !== ownId) announce(t("said", { name, text }));
        if (kind === "announcement" && text !== null) announce(`${t("announcement")}: ${text}`);
        if (kind === "quiz" && text !== null && body["state"] === "open") announce(t("quizStarted", { text }));
        if (kind === "hand" && textOf(body, "person") === ownId && body["state"] === "called") announce(t("handCalled"));
      }),
    [onEntry, ownId, announce, t],
  );
}
