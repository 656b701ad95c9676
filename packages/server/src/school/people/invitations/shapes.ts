/** Defines what the API takes and returns about invitations to accounts. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import { MAX_INVITED, SKIPPED_BECAUSE } from "./invited-accounts.ts";

export const selection = z.strictObject({
  schoolId: id.optional(),
  userIds: z.array(id).min(1).max(MAX_INVITED).optional().describe("Default: all people of the school, or of the course."),
  courseId: id.optional().describe("Only members of this course."),
  alsoSignedIn: z
    .boolean()
    .default(false)
    .describe("true: people who have signed in before get a link too, with which they set a new password."),
});

const skipped = z
  .array(
    z.object({
      userId: id,
      name: z.string(),
      because: z
        .enum(SKIPPED_BECAUSE)
        .describe(
          "signed-in: has come already. no-mail: has no mail address. just-mailed: had an invitation within 15 minutes. self: who makes this request. unknown: not of this school.",
        ),
    }),
  )
  .describe("People who are not invited, and why.");

export const queuedShape = z
  .object({ queued: z.int().describe("Invitations that will be mailed within minutes."), skipped })
  .meta({ id: "QueuedInvitations" });

export const slipsShape = z
  .object({
    school: z.string(),
    expiresAt: time,
    slips: z.array(
      z.object({
        userId: id,
        name: z.string(),
        login: z.string(),
        role: z.string(),
        url: z.string().describe("Sets the person's password, once. It is in no other answer."),
      }),
    ),
    skipped,
  })
  .meta({ id: "InvitationSlips" });

export const arrivalsShape = z
  .object({
    people: z.int().describe("Accounts that may sign in."),
    signedIn: z.int().describe("Of these, people who have come at least once."),
    invited: z.int().describe("Of those who have not come, people who were mailed an invitation or have a slip."),
    waiting: z.int().describe("Mails that are to be sent."),
    undelivered: z
      .array(z.object({ userId: id, name: z.string(), email: z.string() }))
      .describe("Whose mails failed; at most 100."),
    canMail: z.boolean().describe("Whether this server sends mail."),
  })
  .meta({ id: "Arrivals" });
