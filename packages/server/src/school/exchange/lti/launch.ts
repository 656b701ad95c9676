/**
 * Makes a person, a course and a lesson of a verified launch, in one transaction: a launch counts once (LTI Core 1.3, section 5.1.3, nonce), and
 * either everything that it makes is there or nothing.
 */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import { useNonce } from "../../foundation/requests/used-nonce.ts";
import type { Change, Changes } from "../../foundation/store/change.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Course, Lesson, User } from "../../foundation/store/tables.ts";
import { retryOnConflict } from "../../people/sign-on/identity.ts";
import type { Claims } from "../../people/sign-on/protocol/claims.ts";
import type { DeepLinkingLaunch, Launch, ResourceLaunch } from "./claims.ts";
import { examOfLink } from "./exam-links.ts";
import { FLOW_SECONDS } from "./launch-flow.ts";
import { targetOfLink } from "./links.ts";
import { courseOfContext, joinCourse, makeCourse, personOfLaunch } from "./people.ts";
import { courseRole, type LaunchRole } from "./roles.ts";

/** A first launch makes an account, a course and a link; each of them may be made by another launch at the same time. */
const OPEN_ATTEMPTS = 5;

export type VerifiedLaunch = {
  readonly platform: LtiPlatform;
  readonly launch: Launch;
  readonly claims: Claims;
  readonly nonce: string;
  /** The address of the person. */
  readonly ip: string;
};

export type OpenedLaunch = { readonly user: User; readonly role: LaunchRole; readonly course: Course } & (
  | { readonly kind: "lesson"; readonly lesson: Lesson; readonly recordingId: string | null }
  | { readonly kind: "examination"; readonly exam: Exam }
  | { readonly kind: "deep-linking"; readonly launch: DeepLinkingLaunch }
);

/**
 * @param onCommitted called when accounts and rights may have changed
 * @throws RefusalError launch-failed, lesson-not-ready, removed-from-lesson, refused-by-rule
 */
export function openLaunch(changes: Changes, verified: VerifiedLaunch, onCommitted: () => void): Promise<OpenedLaunch> {
  const { platform, launch, ip } = verified;
  const role = courseRole(launch.roles);
  if (role === null) throw new RefusalError("refused-by-rule", ltiText("launch-without-role"));
  const actor: Actor = {
    kind: "user",
    id: null,
    name: `platform ${platform.name}`,
    role: null,
    schoolId: platform.school_id,
    scopes: null,
    ip,
  };
  // Two people who open a new link at the same time make the same rows.
  return retryOnConflict(async () => {
    const { body } = await changes.transact({ actor }, async (change) => {
      change.afterCommit(onCommitted);
      return { body: await open(change, verified, role) };
    });
    return body;
  }, OPEN_ATTEMPTS);
}

async function open(change: Change, { platform, launch, claims, nonce }: VerifiedLaunch, role: LaunchRole): Promise<OpenedLaunch> {
  if (!(await useNonce(change.trx, nonce, FLOW_SECONDS))) throw new RefusalError("launch-failed", ltiText("launch-used"));
  const teaches = role === "teacher";
  if (launch.kind === "deep-linking" && !teaches) throw new RefusalError("refused-by-rule", ltiText("teachers-choose"));
  const known = await courseOfContext(change, platform, launch);
  if (!known && !teaches) throw new RefusalError("lesson-not-ready");
  const user = await personOfLaunch(change, platform, launch, role, claims);
  const course = known ?? (await makeCourse(change, platform, launch));
  await joinCourse(change, platform, course, user, role);
  const opened = { user, role, course };
  if (launch.kind === "deep-linking") return { ...opened, kind: "deep-linking", launch };
  const exam = await examOfLink(change, platform, course, launch, teaches);
  if (exam) return { ...opened, kind: "examination", exam };
  return { ...opened, kind: "lesson", ...(await openLink(change, platform, launch, opened)) };
}

async function openLink(
  change: Change,
  platform: LtiPlatform,
  launch: ResourceLaunch,
  { user, role, course }: Pick<OpenedLaunch, "user" | "role" | "course">,
) {
  const target = await targetOfLink(change, platform, course, launch, role === "teacher" ? user : null);
  const removed = await change.trx
    .selectFrom("participants")
    .select("id")
    .where("lesson_id", "=", target.lesson.id)
    .where("user_id", "=", user.id)
    .where("removed_at", "is not", null)
    .executeTakeFirst();
  if (removed && role !== "teacher" && role !== "assistant") throw new RefusalError("removed-from-lesson");
  return target;
}
