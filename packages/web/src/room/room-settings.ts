/** What the teacher allows in the room, as the entry `settings` says. Without one, everything is allowed. */
import type { Room } from "./use-room.ts";
import { numberOf, textOf } from "./wire.ts";

export type RoomSettings = {
  readonly chat: "everybody" | "staff" | "off";
  readonly slowSeconds: number;
  readonly questions: boolean;
  readonly danmaku: boolean;
  readonly reactions: boolean;
  readonly hands: boolean;
  readonly roster: boolean;
};

/** Those of the settings that are only on or off, in the order in which they are shown. */
export const SWITCHES = ["questions", "danmaku", "reactions", "hands", "roster"] as const;

export function settingsOf(room: Pick<Room, "one">): RoomSettings {
  const body = room.one("settings")?.body ?? {};
  const chat = textOf(body, "chat");
  const isOn = (name: (typeof SWITCHES)[number]) => body[name] !== false;
  return {
    chat: chat === "staff" || chat === "off" ? chat : "everybody",
    slowSeconds: numberOf(body, "slowSeconds") ?? 0,
    questions: isOn("questions"),
    danmaku: isOn("danmaku"),
    reactions: isOn("reactions"),
    hands: isOn("hands"),
    roster: isOn("roster"),
  };
}
