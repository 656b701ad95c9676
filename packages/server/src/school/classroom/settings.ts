/** What the teacher allows in a room. */
import { z } from "zod";
import type { RetainedEntries } from "../../contracts/rooms/retained-entries.ts";

export const roomSettings = z.strictObject({
  chat: z.enum(["everybody", "staff", "off"]).describe("Who may write; staff: what others write goes to the teacher alone."),
  /** Zero: no slow mode. */
  slowSeconds: z.int().min(0).max(600).describe("Members wait this long between two lines; 0: no limit."),
  questions: z.boolean(),
  danmaku: z.boolean().describe("Bullet comments."),
  reactions: z.boolean(),
  hands: z.boolean(),
  roster: z.boolean().describe("Whether everybody sees who is there; staff always do."),
});
export type RoomSettings = z.infer<typeof roomSettings>;

export const DEFAULT_SETTINGS: RoomSettings = {
  chat: "everybody",
  slowSeconds: 0,
  questions: true,
  danmaku: true,
  reactions: true,
  hands: true,
  roster: true,
};

/** Settings are the room's entry with the key `settings`; what it does not name has its default. */
export function settingsOf(held: RetainedEntries): RoomSettings {
  const known = roomSettings.partial().safeParse(held.get("settings")?.body ?? {});
  return { ...DEFAULT_SETTINGS, ...(known.success ? definedOf(known.data) : {}) };
}

function definedOf(settings: Readonly<Partial<Record<keyof RoomSettings, unknown>>>): Partial<RoomSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
