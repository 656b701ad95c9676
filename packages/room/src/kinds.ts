/** Defines all kinds of the protocol. A kind that is not here is refused, and docs/room-protocol.md has exactly these. */
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
