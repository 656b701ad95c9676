/** Defines what the teacher allows in a room. Without an entry, everything is allowed. */
import { BOOLEAN, choice, declared, type FieldsOf, integer, partial } from "./fields.ts";
import { kind } from "./kind.ts";
import { type Body, numberOf } from "./wire.ts";

/** Ten minutes. */
const MAX_SLOW_SECONDS = 600;

export const SETTINGS_FIELDS = /* @__PURE__ */ declared(() => ({
  /** Who may write; staff: what others write goes to the teacher alone. */
  chat: choice(["everybody", "staff", "off"]),
  /** Members wait this long between two lines; 0: no slow mode. */
  slowSeconds: integer(0, MAX_SLOW_SECONDS),
  questions: BOOLEAN,
  danmaku: BOOLEAN,
  reactions: BOOLEAN,
  hands: BOOLEAN,
  /** Whether everybody sees who is there; staff always do. */
  roster: BOOLEAN,
}));

export const SETTINGS = /* @__PURE__ */ kind(() => ({
  kind: "settings",
  sends: { fields: partial(SETTINGS_FIELDS) },
  entries: [{ key: "settings", fields: SETTINGS_FIELDS }],
}));

export type RoomSettings = FieldsOf<typeof SETTINGS_FIELDS>;

/** Those of the settings that are only on or off, in the order in which they are shown. */
export const SWITCHES = ["questions", "danmaku", "reactions", "hands", "roster"] as const;

/** @param body of the entry `settings`; what it does not name, or names wrongly, has its default */
export function settingsOf(body: Body = {}): RoomSettings {
  const { chat } = body;
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
