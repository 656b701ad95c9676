/** Serves the API routes by which candidates find and enter an examination. What they do then goes to the doors of `live/exams`. */
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { type Candidate, signCandidateToken, verifyCandidateToken } from "../../../contracts/exams/candidate-token.ts";
import { addressOwner } from "../../../platform/address.ts";
import { equalSecrets } from "../../../platform/secrets.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { type Attempt, lockedRefusal } from "../../people/accounts/attempts.ts";
import type { ExamContext } from "../exam-context.ts";
import { ENTRY_MS } from "../exam-times.ts";
import { consentLines, isSupervised } from "../supervised.ts";
import { enterExam } from "./enter.ts";
import { findPublishedExam, rejectCode } from "./exam-by-code.ts";
import { ExamNotices } from "./exam-notices.ts";
import { enteredShape, entryAttempt, entryBody, examInvitationShape } from "./shapes.ts";

const TAG = "Sitting examinations";
const DAY_MS = 86_400_000;
/** Results are read with the token, and some are marked late. */
const TOKEN_DAYS = 180;
/** How often a page sends answers, or none. */
const POLL_SECONDS = 30;
const SUPERVISED_POLL_SECONDS = 5;

export function entranceRoutes(context: ExamContext): ApiRoute[] {
  return [invitationRoute(context, new ExamNotices(context.db)), enterRoute(context)];
}

function invitationRoute({ db, signIn }: ExamContext, notices: ExamNotices): ApiRoute {
  return route({
    id: "getExamInvitation",
    method: "GET",
    path: "/exams/by-code/:code",
    tag: TAG,
    summary: "Get the invitation to an examination behind its code, before entering",
    access: everybody("lessons:read"),
    rights: ["++++++++", "++++++++"],
    params: z.strictObject({ code: z.string().max(40) }),
    status: 200,
    answer: examInvitationShape,
    refusals: ["no-such-exam", "database-away"],
    handle: async ({ params, ip }) => {
      const exam = await findPublishedExam(db, signIn, params.code, ip);
      const schools = db.selectFrom("schools").select(["name", "guest_consent"]).where("id", "=", exam.school_id);
      const school = await schools.executeTakeFirstOrThrow();
      const { instruction, questions, formulas } = await notices.of(exam.id);
      return {
        body: {
          id: exam.id,
          title: exam.title,
          schoolName: school.name,
          instruction,
          questions,
          formulas,
          opensAt: exam.opens_at,
          closesAt: exam.closes_at,
          latestEntryAt: exam.latest_entry_at,
          entryAt: new Date(exam.opens_at.getTime() - ENTRY_MS),
          seconds: exam.seconds,
          attempts: exam.attempts,
          guests: exam.guests,
          guestConsent: school.guest_consent,
          needsAccessCode: exam.secret_access_code !== "",
          practice: exam.practice,
          facts: [...exam.facts],
          offlineSeconds: exam.offline_seconds,
          supervision: { ...exam.supervision, lines: consentLines(exam.supervision) },
          now: new Date(),
        },
      };
    },
  });
}

function enterRoute(context: ExamContext): ApiRoute {
  const { db, changes, signIn, joins, guestNames } = context;
  return route({
    id: "enterExamination",
    method: "POST",
    path: "/exams/:examinationId/attempts",
    tag: TAG,
    summary: "Enter an examination, or come back to an attempt: as one of its people, or as a guest",
    access: everybody("lessons:read"),
    // Those who belong to the course.
    rights: ["--+-++--", "--------"],
    params: z.strictObject({ examinationId: z.string().max(40).describe("The examination's id, or its code.") }),
    body: entryBody.prefault({}),
    status: 200,
    answer: enteredShape,
    refusals: [
      ...(["no-such-exam", "guests-not-allowed", "consent-needed", "exam-not-open-yet", "exam-closed"] as const),
      "exam-consent-needed",
      ...(["exam-code-wrong", "exam-no-attempts-left", "exam-elsewhere", "too-many", "database-away"] as const),
    ],
    handle: async ({ actor, params, body, ip }) => {
      joins.fromAddress(ip);
      const exam = await findPublishedExam(db, signIn, params.examinationId, ip);
      const now = new Date();
      const candidate = await knownCandidate(db, actor, candidateOf(context, exam, body.token, now));
      await countEntry(context, actor, exam, candidate, ip);
      const hasAccess = await isAccessGranted(context, exam, body.accessCode, { actor, ip });
      const isStranger = candidate === null && (actor.kind === "nobody" || actor.schoolId !== exam.school_id);
      if (isStranger && actor.kind !== "token" && exam.guests && body.name !== undefined) await guestNames.check(exam, body.name);
      const { body: entered } = await changes.transact({ actor }, async ({ trx }) => {
        const { attempt } = await enterExam(trx, actor, exam, {
          name: body.name ?? null,
          consents: body.consent,
          consentsToSupervision: body.supervisionConsent,
          hasAccess,
          candidate,
          takesOver: body.takeOver,
          now,
        });
        return { body: { attempt, package: await packageOf(trx, exam.id) } };
      });
      const { attempt } = entered;
      return {
        body: {
          attempt: entryAttempt(exam, attempt),
          token: signCandidateToken(tokenOf(exam, attempt), context.linkSecret()),
          package: entered.package,
          supervision: { ...exam.supervision },
          pollSeconds: isSupervised(exam.supervision) ? SUPERVISED_POLL_SECONDS : POLL_SECONDS,
          now: new Date(),
        },
      };
    },
  });
}

/** Null: no token was sent, or it proves nobody here. */
export function candidateOf(
  { linkSecrets }: Pick<ExamContext, "linkSecrets">,
  { id }: Exam,
  token: string | undefined,
  now: Date,
): Candidate | null {
  const candidate = token === undefined ? null : verifyCandidateToken(token, linkSecrets(), now.getTime());
  return candidate?.exam === id ? candidate : null;
}

/** Null: the attempt was deleted, is of a disabled account, or of another person than who is signed in. Then somebody new enters, and is counted and checked as such. */
async function knownCandidate(db: Db, actor: Actor, candidate: Candidate | null): Promise<Candidate | null> {
  if (candidate === null) return null;
  const attempt = await db
    .selectFrom("exam_attempts")
    .leftJoin("users", "users.id", "exam_attempts.user_id")
    .select("user_id")
    .where("exam_attempts.id", "=", candidate.attempt)
    .where("exam_id", "=", candidate.exam)
    .where("users.disabled_at", "is", null)
    .executeTakeFirst();
  if (!attempt) return null;
  return attempt.user_id === null || actor.kind !== "user" || attempt.user_id === actor.id ? candidate : null;
}

function tokenOf({ id, closes_at }: Exam, attempt: ExamAttempt): Candidate {
  const expires = closes_at.getTime() + TOKEN_DAYS * DAY_MS;
  return { exam: id, attempt: attempt.id, seat: attempt.seat, user: attempt.user_id, expires };
}

/** As joins of lessons are counted. @throws RefusalError too-many */
async function countEntry(
  { joins, hourly }: ExamContext,
  actor: Actor,
  { id }: Exam,
  candidate: Candidate | null,
  ip: string,
): Promise<void> {
  if (candidate) return joins.byPerson(candidate.attempt);
  if (actor.kind === "user") return joins.byPerson(actor.id ?? "");
  joins.withCode(id);
  if (actor.kind === "nobody") await hourly.admit([{ kind: "guest-address", subject: addressOwner(ip) }]);
}

/** False where none was typed. Access codes are short, so who has tried many is refused with the right one too. @throws RefusalError exam-code-wrong, too-many */
async function isAccessGranted(
  { storedSecrets, signIn }: ExamContext,
  { id, secret_access_code: stored }: Exam,
  typed: string | undefined,
  { actor, ip }: { readonly actor: Actor; readonly ip: string },
): Promise<boolean> {
  if (stored === "") return true;
  if (typed === undefined) return false;
  const tries: Attempt =
    actor.kind === "user"
      ? { kind: "access", subject: `${id} ${actor.id}` }
      : { kind: "entrance", subject: `${id} ${addressOwner(ip)}` };
  const code = storedSecrets.decrypt("exams", id, stored);
  const isRight = code !== null && equalSecrets(folded(typed), folded(code));
  const seconds = isRight ? await signIn.attempts.lockedFor(tries) : await signIn.attempts.count([tries]);
  if (seconds > 0) throw lockedRefusal(seconds);
  return isRight || (await rejectCode(signIn, ip, "exam-code-wrong"));
}

/** People read it from a blackboard. */
function folded(code: string): string {
  return code.normalize("NFKC").replace(/\s/g, "").toLowerCase();
}

/** The size without the bytes, which are read by no query of this. */
async function packageOf(db: Db, examId: string) {
  const { hash, bytes } = await db
    .selectFrom("exam_packages")
    .select(({ fn }) => ["hash", fn<number>("octet_length", ["bytes"]).as("bytes")])
    .where("exam_id", "=", examId)
    .executeTakeFirstOrThrow();
  return { url: `/exams/${examId}/paper/${hash}`, hash, bytes: Number(bytes) };
}
