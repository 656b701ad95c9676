/** Defines what staff do in a room about what others write, and what the server does about texts that a school's own check was asked about. */
import { type ActionOf, MODERATION } from "@lectern/room";
import { z } from "zod";
import { id } from "../../foundation/requests/fields.ts";
import { actionSchema } from "../field-schemas.ts";
import { checkAnswer } from "./check-answer.ts";

/** By the server alone: the time of a mute is over; a check has answered about a text, or a picture. */
const EXPIRE = z.strictObject({ action: z.literal("expire"), person: id });
const CHECKED = z.strictObject({ action: z.literal("checked"), ref: id, checked: checkAnswer });
const PICTURE = z.strictObject({ action: z.literal("picture"), checked: checkAnswer });

export const moderationAction = actionSchema(MODERATION, EXPIRE, CHECKED, PICTURE);
export type ModerationAction = ActionOf<typeof MODERATION> | z.output<typeof EXPIRE | typeof CHECKED | typeof PICTURE>;
/** An action with one of some actions. */
export type ModerationActionOf<Action extends ModerationAction["action"]> = Extract<ModerationAction, { readonly action: Action }>;
