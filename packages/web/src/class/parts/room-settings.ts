/** What the teacher allows in the room, as the entry `settings` says. Without one, everything is allowed. */
import type { Room } from "../../room/use-room.ts";
import { numberOf } from "../../room/wire.ts";

export type Settings = {
  readonly chat: "everybody" | "staff" | "off";
  readonly slowSeconds: number;
  readonly questions: boolean;
  readonly danmaku: boolean;
  readonly reactions: boolean;
  readonly hands: boolean;
  readonly roster: boolean;
};

export function settingsOf(room: Room): Settings {
  const body = room.one("settings")?.body ?? {};
  const chat = body["chat"];
  const isOn = (name: string) => body[name] !== false;
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
