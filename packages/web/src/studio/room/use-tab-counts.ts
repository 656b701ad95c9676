/** Provides the numbers on the tabs: what is new, and what waits for the teacher. */

import { questionsOf, quizzesOf } from "@lectern/room";
import { useState } from "react";
import type { Room } from "../../room/use-room.ts";
import type { TabName } from "../frame/tab-names.ts";

/** @param tab the one in sight; null: none is */
export function useTabCounts(room: Room, tab: TabName | null): Readonly<Record<TabName, number>> {
  const lines = room.held("chat");
  const newest = lines.at(-1)?.seq ?? 0;
  /** The newest line when the chat was last in sight; null: nothing has come yet. */
  const [read, setRead] = useState<number | null>(null);
  // What was said before the page was opened is not new.
  if (room.you !== null && (read === null || (tab === "chat" && read !== newest))) setRead(newest);
  const others = lines.filter(({ seq, from }) => seq > (read ?? newest) && from !== room.you?.id);
  return {
    chat: tab === "chat" ? 0 : others.length,
    questions: questionsOf(room.held("question")).filter(({ isAnswered }) => !isAnswered).length,
    quiz: quizzesOf(room.held("quiz")).filter(({ state }) => state === "open").length,
    people: 0,
    tools: 0,
    review: room.held("held").length,
  };
}
