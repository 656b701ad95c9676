/** Defines what the API takes and returns about talks of supervisors with candidates. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";

export const talkShape = z
  .object({
    id,
    by: z.string().nullable().describe("The supervisor who talks; null: a person who is no more."),
    isOwn: z.boolean().describe("Whether the person who asks is that supervisor."),
    state: z.enum(["requested", "on"]).describe("`requested`: the candidate has not accepted yet."),
    requestedAt: time,
    acceptedAt: time.nullable(),
  })
  .meta({ id: "ExamTalk" });

export const talkStreamsShape = z.object({
  publish: z
    .object({
      app: z.string(),
      name: z.string(),
      key: z.string().describe("Begins to publish until `keyExpiresAt`. What has begun goes on."),
      keyExpiresAt: time,
      whipUrl: z.string().describe("From the root of this server, with `Authorization: Bearer KEY`. Sound alone."),
      webSocketUrl: z.string().describe("From the root of this server, with `?key=KEY`; subprotocol `lectern.flv.v1`."),
    })
    .describe("What the person says."),
  play: z.object({ flv: z.string(), ws: z.string(), whep: z.string() }).describe("What the other one says, signed."),
});

export const requestBody = z.strictObject({
  talkId: id
    .optional()
    .describe("Goes on with this talk, each ten seconds while the page is open. Without it, the candidate is asked."),
});
export const requestedShape = z
  .object({
    talk: talkShape.nullable().describe("Null: the talk is over, or the candidate has declined."),
    streams: talkStreamsShape.nullable().describe("Once the candidate has accepted."),
  })
  .meta({ id: "ExamTalkRequested" });
export const answerBody = z.strictObject({
  token: z.string().max(600).describe("From entering."),
  talkId: id.meta({ examples: ["01m8qgabpjwm5dzgpejj000001"] }),
  answer: z
    .enum(["accept", "end", "go-on"])
    .describe("accept: the candidate talks. end: no, or no more. go-on: new keys, while both talk."),
});
export const answeredShape = z
  .object({ streams: talkStreamsShape.nullable().describe("Null: the talk is over.") })
  .meta({ id: "ExamTalkAnswered" });
