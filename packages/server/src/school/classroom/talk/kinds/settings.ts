/** Defines what the teacher allows in a room, and has members hear of what the server does without. */
import { type ActionOf, SETTINGS } from "@lectern/room";
import type { Domain, Outcome } from "../../domain.ts";
import { actionSchema } from "../../field-schemas.ts";
import { staffOnly } from "../may-talk.ts";
import type { TalkContext } from "../talk-context.ts";

type SettingsAction = ActionOf<typeof SETTINGS>;

export function domain({ shedding }: Pick<TalkContext, "shedding">): Domain<SettingsAction> {
  return {
    kind: SETTINGS.kind,
    body: actionSchema(SETTINGS),
    decide: async (room, actions) => {
      let settings = room.settings;
      const outcomes: Outcome[] = [];
      for (const { body, person } of actions) {
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
    opened: async (room, handle) => shedding.opened(room, handle),
    closed: (lessonId) => shedding.closed(lessonId),
  };
}
