/** Defines the protocol of a lesson's room, and lists all its kinds. Start with `wire.ts` for the messages, and `chat.ts` for a kind. */
import { ANNOUNCEMENT } from "./announcement.ts";
import { LASER, PAGE, STROKE } from "./board.ts";
import { BULLET_COMMENT } from "./bullet-comment.ts";
import { CAPTION } from "./caption.ts";
import { CHAT } from "./chat.ts";
import { HAND } from "./hand.ts";
import type { Kind } from "./kind.ts";
import { MODERATION } from "./moderation.ts";
import { QUESTION } from "./question.ts";
import { ANSWER, QUIZ } from "./quiz.ts";
import { REACTION } from "./reaction.ts";
import { ROSTER } from "./roster.ts";
import { SETTINGS } from "./settings.ts";
import { SIGN_IN } from "./sign-in.ts";
import { LAYOUT, MUTE, STAGE } from "./stage.ts";

export * from "./announcement.ts";
export * from "./board.ts";
export * from "./bullet-comment.ts";
export * from "./caption.ts";
export * from "./chat.ts";
export * from "./entry.ts";
export * from "./fields.ts";
export * from "./hand.ts";
export * from "./kind.ts";
export * from "./message.ts";
export * from "./moderation.ts";
export * from "./page-sets.ts";
export * from "./pin.ts";
export * from "./question.ts";
export * from "./quiz.ts";
export * from "./reaction.ts";
export * from "./refusals.ts";
export * from "./retained-entries.ts";
export * from "./roster.ts";
export * from "./settings.ts";
export * from "./shown-page.ts";
export * from "./sign-in.ts";
export * from "./signals.ts";
export * from "./stage.ts";
export * from "./wire.ts";

/** A kind that is not here is refused, and docs/room-protocol.md has exactly these. */
export const KINDS = [
  CHAT,
  BULLET_COMMENT,
  REACTION,
  CAPTION,
  QUESTION,
  HAND,
  ANNOUNCEMENT,
  SETTINGS,
  SIGN_IN,
  QUIZ,
  ANSWER,
  ROSTER,
  STAGE,
  MUTE,
  LAYOUT,
  PAGE,
  STROKE,
  LASER,
  MODERATION,
] as const satisfies readonly Kind[];
