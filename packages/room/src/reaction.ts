/** Defines reactions: shown for a moment, and counted for staff. */
import { choice } from "./fields.ts";
import { kind } from "./kind.ts";

export const REACTIONS = ["up", "heart", "clap", "laugh", "faster", "slower", "lost"] as const;
export type Reaction = (typeof REACTIONS)[number];

export const REACTION = /* @__PURE__ */ kind(() => ({
  kind: "reaction",
  sends: { fields: { reaction: choice(REACTIONS) } },
  entries: [{ key: null, fields: { reaction: choice(REACTIONS) } }],
}));
