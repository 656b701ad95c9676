/**
 * Serves the API route by which a candidate's page, or the phone that is the second camera, gets the right to publish: keys that begin a stream within two minutes, of
 * the attempt and the device alone. A page asks again before each connection.
 */
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { MEMBER_KEY_SECONDS, signMemberKey } from "../../../access/links/member-key.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { type Candidate, signPhoneToken, verifyPhoneToken } from "../../../contracts/exams/candidate-token.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { time } from "../../foundation/requests/fields.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { candidateOf } from "../attempts/entrance-routes.ts";
import { findPublishedExam } from "../attempts/exam-by-code.ts";
import type { ExamContext } from "../exam-context.ts";
import { isSupervised, kindsOf, STREAM_KINDS, STREAM_LIMITS, type StreamKind } from "../supervised.ts";
import { candidateStream } from "./stream-names.ts";

/** A phone stays for as long as an attempt may go on. */
const PHONE_MS = 24 * 3_600_000;

const limits = z
  .object({
    width: z.int(),
    height: z.int(),
    framesPerSecond: z.int(),
    bitsPerSecond: z.int(),
    keyFrameSeconds: z.int(),
    mostBitsPerSecond: z.int().describe("A stream that has more for ten seconds is ended."),
  })
  .meta({ id: "ExamStreamLimits" });
export const examStreamsShape = z
  .object({
    streams: z.array(
      z.object({
        kind: z.enum(STREAM_KINDS),
        app: z.string(),
        name: z.string(),
        key: z.string().describe("Begins to publish until `keyExpiresAt`. What has begun goes on."),
        keyExpiresAt: time,
        whipUrl: z.string().describe("From the root of this server, with `Authorization: Bearer KEY`."),
        webSocketUrl: z.string().describe("From the root of this server, with `?key=KEY`; subprotocol `lectern.flv.v1`."),
        limits,
      }),
    ),
    phone: z
      .object({ token: z.string(), expiresAt: time })
      .nullable()
      .describe("What the second camera sends here in place of the candidate's token. Null: there is none."),
  })
  .meta({ id: "ExamStreams" });

export function publishRoute(context: ExamContext): ApiRoute {
  const { db, signIn, joins, apps, linkSecret, linkSecrets } = context;
  return route({
    id: "openExamStreams",
    method: "POST",
    path: "/exams/:examinationId/streams",
    tag: "Sitting examinations",
    summary: "Get the right to publish what the supervisors of an examination see: camera, screen, second camera",
    access: everybody("lessons:read"),
    // No phone, and no device, has this token.
    rights: ["00000000", "00000000"],
    params: z.strictObject({ examinationId: z.string().max(40).describe("The examination's id, or its code.") }),
    body: z.strictObject({
      token: z.string().max(600).describe("From entering; or of the second camera, from the candidate's answer."),
    }),
    status: 200,
    answer: examStreamsShape,
    refusals: [
      ...(["no-such-exam", "exam-attempt-unknown", "exam-not-supervised", "exam-seat-taken", "exam-ended", "too-many"] as const),
      "database-away",
    ],
    handle: async ({ params, body, ip }) => {
      joins.fromAddress(ip);
      const exam = await findPublishedExam(db, signIn, params.examinationId, ip);
      const now = new Date();
      const candidate = candidateOf(context, exam, body.token, now);
      const phone = candidate ? null : verifyPhoneToken(body.token, linkSecrets(), now.getTime());
      const known = candidate ?? (phone?.exam === exam.id ? phone : null);
      if (!known) throw new RefusalError("exam-attempt-unknown");
      await checkSits(db, exam, known, candidate !== null);
      const { stream_name } = exam;
      if (!isSupervised(exam.supervision) || stream_name === null) throw new RefusalError("exam-not-supervised");
      const kinds = kindsOf(exam.supervision).filter((kind) => (kind === "phone") === (candidate === null));
      if (kinds.length === 0 && candidate === null) throw new RefusalError("exam-not-supervised");
      const app = apps()[0] ?? "live";
      const expires = Math.floor(now.getTime() / 1000) + MEMBER_KEY_SECONDS;
      const stream = (kind: StreamKind) => {
        const name = candidateStream(stream_name, { attempt: known.attempt, kind, seat: known.seat });
        return {
          kind,
          app,
          name,
          key: signMemberKey({ app, name, expires }, linkSecret()),
          keyExpiresAt: new Date(expires * 1000),
          whipUrl: `/${app}/${name}/whip`,
          webSocketUrl: `/${app}/${name}/publish`,
          limits: STREAM_LIMITS[kind],
        };
      };
      const phoneExpires = exam.closes_at.getTime() + PHONE_MS;
      const hasPhone = candidate !== null && exam.supervision.phone;
      return {
        body: {
          streams: kinds.map(stream),
          phone: hasPhone
            ? {
                token: signPhoneToken({ ...known, seat: 0, expires: phoneExpires }, linkSecret()),
                expiresAt: new Date(phoneExpires),
              }
            : null,
        },
      };
    },
  });
}

/** @throws RefusalError exam-attempt-unknown, exam-seat-taken, exam-ended */
async function checkSits(db: Db, { id }: Exam, { attempt, seat }: Candidate, hasSeat: boolean): Promise<void> {
  const attempts = db
    .selectFrom("exam_attempts")
    .leftJoin("users", "users.id", "exam_attempts.user_id")
    .select(["seat", "handed_in_at"])
    .where("exam_attempts.id", "=", attempt)
    .where("exam_id", "=", id)
    .where("users.disabled_at", "is", null);
  const row = await attempts.executeTakeFirst();
  if (!row) throw new RefusalError("exam-attempt-unknown");
  if (hasSeat && seat !== row.seat) throw new RefusalError("exam-seat-taken");
  if (row.handed_in_at) throw new RefusalError("exam-ended");
}
