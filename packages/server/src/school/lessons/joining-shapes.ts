/** Defines what the API takes and returns about joining lessons. */
import { z } from "zod";
import { ROLES } from "../../access/actor.ts";
import { id, time } from "../foundation/requests/fields.ts";
import { LESSON_STATES } from "../foundation/store/lesson-tables.ts";
import type { Participant } from "../foundation/store/tables.ts";
import { personName } from "../people/accounts/shapes.ts";
import { lessonShape } from "./shapes.ts";
import { shownPageShape } from "./shown-page.ts";
import { watermarkOfParticipant } from "./watermark.ts";

export const joinBody = z.strictObject({
  name: personName.optional().describe("A guest's name."),
  consent: z.boolean().default(false).describe("Whether a guest agrees to the school's `guestConsent`."),
  code: z.string().max(40).optional().describe("The lesson's code; guests need it."),
  token: z.string().max(100).optional().describe("From an earlier join: joins as the same guest."),
  device: z.string().max(100).optional().describe("A random mark that a page keeps on a guest's device."),
  unlessEnded: z
    .boolean()
    .default(false)
    .describe("For a page that does not know the lesson's state yet: 202 in place of the refusal `lesson-ended`."),
});
export const notJoinedShape = z.void().describe("Not joined: the lesson has ended.");
export const watermarkShape = z
  .object({ text: z.string(), opacity: z.number().describe("0.05 to 1.") })
  .nullable()
  .describe("What the player shows over the picture, as an access rule wants it; null: nothing.");
export const joinedShape = z
  .object({
    viewer: id.describe("The participant's id; the links are bound to it."),
    name: z.string(),
    token: z.string().nullable().describe("For a guest, at the first join: renews the links."),
    lesson: lessonShape,
    waiting: z
      .boolean()
      .describe("Whether a teacher has to let the guest in. Join again with the token at `renewAt` to hear of it."),
    play: z
      .object({
        flv: z.string().nullable(),
        hls: z.string(),
        whep: z.string().nullable(),
        rtmp: z.string().nullable(),
        srt: z.string().nullable().describe("Null where SRT is off."),
      })
      .nullable()
      .describe("Null while waiting. An encrypted lesson is watched by HLS only: its flv, whep, rtmp and srt are null."),
    watermark: watermarkShape,
    shownPage: shownPageShape,
    expiresAt: time.describe("After this time the links open no new connections."),
    renewAt: time.describe("Join again with the token at this time to get new links."),
  })
  .meta({ id: "Joined" });

export const participantShape = z
  .object({
    id,
    userId: id.nullable(),
    name: z.string(),
    role: z.enum([...ROLES, "guest"]),
    joinedAt: time,
    seenAt: time,
    removedAt: time.nullable(),
    waiting: z.boolean().describe("Whether a teacher has to let the guest in."),
    mark: z.string().describe("Six letters and digits: how a watermark names this person."),
  })
  .meta({ id: "Participant" });

export const invitedShape = z.object({ userId: id, login: z.string(), name: z.string() }).meta({ id: "Invited" });

export const invitationShape = z
  .object({
    lessonId: id,
    title: z.string(),
    school: z.string(),
    teacher: z.string().nullable(),
    state: z.enum(LESSON_STATES),
    startsAt: time.nullable(),
    endsAt: time.nullable(),
    startedAt: time.nullable(),
    publisherLeftAt: time.nullable().describe("Since when nobody publishes to the live lesson."),
    guests: z.boolean(),
    guestConsent: z.string().describe("What guests agree to before they join; empty: nothing."),
    accent: z.string().nullable().describe("The colour of the school's pages, `#rrggbb`."),
    logo: z.string().nullable().describe("The address of the school's logo."),
  })
  .meta({ id: "Invitation" });

export function participantResponse(participant: Participant) {
  return {
    id: participant.id,
    userId: participant.user_id,
    name: participant.name,
    role: participant.role,
    joinedAt: participant.joined_at,
    seenAt: participant.seen_at,
    removedAt: participant.removed_at,
    waiting: participant.waiting_since !== null,
    mark: watermarkOfParticipant(participant),
  };
}
