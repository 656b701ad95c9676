/** Defines the settings of a room as the API has them. */
import { SETTINGS_FIELDS } from "@lectern/room";
import { z } from "zod";
import { fieldSchema } from "./field-schemas.ts";

const { chat, slowSeconds, questions, danmaku, reactions, hands, roster } = SETTINGS_FIELDS;

export const roomSettings = z.strictObject({
  chat: fieldSchema(chat).describe("Who may write; staff: what others write goes to the teacher alone."),
  slowSeconds: fieldSchema(slowSeconds).describe("Members wait this long between two lines; 0: no limit."),
  questions: fieldSchema(questions),
  danmaku: fieldSchema(danmaku).describe("Bullet comments."),
  reactions: fieldSchema(reactions),
  hands: fieldSchema(hands),
  roster: fieldSchema(roster).describe("Whether everybody sees who is there; staff always do."),
});
