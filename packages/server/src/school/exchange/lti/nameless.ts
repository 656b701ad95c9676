/**
 * Names people whom a platform sends without a name, as its privacy settings may want it (LTI Core 1.3, section 5.3.6.1): by role and number, so that
 * teachers can tell them apart, until the platform names them.
 */

import type { Change } from "../../foundation/store/change.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Claims } from "../../people/sign-on/protocol/claims.ts";
import type { Launch } from "./claims.ts";
import type { LaunchRole } from "./roles.ts";

const WORDS = {
  student: { en: "Student", zh: "学生" },
  teacher: { en: "Teacher", zh: "老师" },
  assistant: { en: "Assistant", zh: "助教" },
  supervisor: { en: "Supervisor", zh: "督导" },
} as const satisfies Readonly<Record<LaunchRole, object>>;
const STAND_IN = new RegExp(
  `^(?:${Object.values(WORDS)
    .flatMap(({ en, zh }) => [en, zh])
    .join("|")}) [A-Za-z0-9]{1,8}$`,
);
/** What such people were called before they had numbers. */
const UNNUMBERED = "user";
/** A user id of a platform that people can read and compare, such as Moodle's. */
const SHORT_SUBJECT = /^[A-Za-z0-9]{1,8}$/;
const LOCALE_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation";

/** `Student 7`: by the platform's own user id where that is short, else by a number in the order in which people came. */
export async function standInName(
  { trx }: Pick<Change, "trx">,
  { id, school_id }: LtiPlatform,
  { subject }: Pick<Launch, "subject">,
  role: LaunchRole,
  claims: Claims,
): Promise<string> {
  const word = WORDS[role][languageOf(claims)];
  if (SHORT_SUBJECT.test(subject)) return `${word} ${subject}`;
  // Two people who come at the same time have different numbers.
  await trx.selectFrom("lti_platforms").select("id").where("id", "=", id).forUpdate().execute();
  const { count } = await trx
    .selectFrom("lti_people")
    .select(({ fn }) => fn.countAll().as("count"))
    .where("school_id", "=", school_id)
    .executeTakeFirstOrThrow();
  return `${word} ${Number(count) + 1}`;
}

/** Whether a name was made here, and gives way. @param isNameless the platform still has no name for the person */
export function isStandIn(name: string, isNameless: boolean): boolean {
  return name === UNNUMBERED || (!isNameless && STAND_IN.test(name));
}

function languageOf(claims: Claims): "en" | "zh" {
  const presentation = claims[LOCALE_CLAIM];
  const shown = typeof presentation === "object" && presentation !== null ? Reflect.get(presentation, "locale") : undefined;
  return /^zh\b/i.test(String(shown ?? claims["locale"] ?? "")) ? "zh" : "en";
}
