/** What staff do in a room about what others write, and what the server does about texts that a school's own check was asked about. */
import { z } from "zod";
import { ID } from "../../../platform/id.ts";
import { checkAnswer } from "./check-answer.ts";

/** Timers take no more than 24 days. */
const MAX_MUTE_SECONDS = 7 * 86_400;

const ref = z.string().regex(ID);
/** Of a line, a question or an announcement. */
const textKey = z.string().regex(/^(chat|question|announcement)\/[0-9a-hjkmnp-tv-z]{26}$/);

export const moderationDeed = z.discriminatedUnion("action", [
  z.strictObject({ action: z.enum(["delete", "restore", "pin", "unpin"]), key: textKey }),
  z.strictObject({ action: z.literal("mute"), person: ref, seconds: z.int().min(1).max(MAX_MUTE_SECONDS).optional() }),
  z.strictObject({ action: z.literal("unmute"), person: ref }),
  z.strictObject({ action: z.enum(["approve", "refuse"]), ref }),
  z.strictObject({ action: z.literal("remove"), person: ref, device: z.boolean().optional() }),
  /** By the server alone: the time of a mute is over; a check has answered about a text, or a picture. */
  z.strictObject({ action: z.literal("expire"), person: ref }),
  z.strictObject({ action: z.literal("checked"), ref, checked: checkAnswer }),
  z.strictObject({ action: z.literal("picture"), checked: checkAnswer }),
]);
export type ModerationDeed = z.output<typeof moderationDeed>;
/** A deed with one of some actions. */
export type ModerationAction<Action extends ModerationDeed["action"]> = Extract<ModerationDeed, { readonly action: Action }>;
