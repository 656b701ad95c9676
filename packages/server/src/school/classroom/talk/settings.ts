/** What the teacher allows in a room, and what the server sheds by itself. */
import type { z } from "zod";
import type { Domain, Outcome } from "../domain.ts";
import { roomSettings } from "../settings.ts";
import { staffOnly } from "./may-talk.ts";
import type { TalkContext } from "./talk-context.ts";

const settingsDeed = roomSettings.partial();
type SettingsDeed = z.output<typeof settingsDeed>;

export function settingsDomain({ shedding }: Pick<TalkContext, "shedding">): Domain<SettingsDeed> {
  return {
    kind: "settings",
    body: settingsDeed,
    decide: async (room, deeds) => {
      let settings = room.settings;
      const outcomes: Outcome[] = [];
      for (const { body, person } of deeds) {
        const refused = staffOnly(person);
        if (refused) outcomes.push(refused);
        else {
          const changed = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
          settings = { ...settings, ...changed };
          await room.audit("room.settings", person, changed);
          outcomes.push({ entries: [{ kind: "settings", to: "all", key: "settings", body: settings }] });
        }
      }
      return outcomes;
    },
    opened: async (_room, handle) => shedding.opened(handle),
    closed: (lessonId) => shedding.closed(lessonId),
  };
}
