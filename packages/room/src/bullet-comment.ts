/** Defines bullet comments: short lines that fly over the picture and do not stay. */
import { line, optional, STRING, string, TRUE } from "./fields.ts";
import { kind } from "./kind.ts";

export const MAX_DANMAKU_TEXT = 60;

export const BULLET_COMMENT = /* @__PURE__ */ kind(() => ({
  kind: "danmaku",
  sends: {
    fields: {
      text: line(MAX_DANMAKU_TEXT),
      color: optional(string({ pattern: /^#[0-9a-f]{6}$/i, isLowered: true })),
    },
  },
  entries: [{ key: null, fields: { text: STRING, color: optional(STRING), masked: optional(TRUE) } }],
}));
