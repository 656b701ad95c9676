/** Lists the texts of all pages of the console but the first: they are loaded with them. */
import { PAPER_MESSAGES } from "../../exam/paper/messages.ts";
import { FORWARD_MESSAGES } from "../../forwards/messages.ts";
import { INVITED_MESSAGES } from "../../invited/messages.ts";
import { JOB_MESSAGES } from "../../jobs/messages.ts";
import type { Language } from "../../language.ts";
import { LESSON_QUALITY_MESSAGES } from "../../lesson-quality/messages.ts";
import { PHONE_LINK_MESSAGES } from "../../phone-links/messages.ts";
import { ACCESS_MESSAGES } from "./access.ts";
import { ALARM_RULE_MESSAGES } from "./alarm-rules.ts";
import { ANALYTICS_MESSAGES } from "./analytics.ts";
import { APPEARANCE_MESSAGES } from "./appearance.ts";
import { APPROVAL_MESSAGES } from "./approvals.ts";
import { AUDIT_MESSAGES } from "./audit.ts";
import { CHECK_IN_MESSAGES } from "./check-ins.ts";
import { COURSE_MESSAGES } from "./courses.ts";
import { EXAM_MESSAGES } from "./exams.ts";
import { EXPLAIN_MESSAGES } from "./explain.ts";
import { IMPORT_MESSAGES } from "./imports.ts";
import { INVITATION_MESSAGES } from "./invitations.ts";
import { MISTAKE_MESSAGES } from "./mistakes.ts";
import { MODERATION_MESSAGES } from "./moderation.ts";
import { NODES_MESSAGES } from "./nodes.ts";
import { OWN_EXAM_MESSAGES } from "./own-exams.ts";
import { PROBE_MESSAGES } from "./probes.ts";
import { PROTECTION_MESSAGES } from "./protection.ts";
import { PROVIDER_MESSAGES } from "./providers.ts";
import { QUALITY_MESSAGES } from "./quality.ts";
import { QUESTION_BANK_MESSAGES } from "./question-bank.ts";
import { RULE_MESSAGES } from "./rules.ts";
import { SERIES_MESSAGES } from "./series.ts";
import { SOURCE_MESSAGES } from "./sources.ts";
import { SUPERVISION_MESSAGES } from "./supervision.ts";
import { TIME_WINDOW_MESSAGES } from "./time-windows.ts";

export const CONSOLE_PAGE_MESSAGES = { en: textsOf("en"), "zh-CN": textsOf("zh-CN") };

function textsOf(language: Language) {
  return {
    ...INVITED_MESSAGES[language],
    ...FORWARD_MESSAGES[language],
    ...JOB_MESSAGES[language],
    ...PHONE_LINK_MESSAGES[language],
    ...SOURCE_MESSAGES[language],
    ...ACCESS_MESSAGES[language],
    ...ALARM_RULE_MESSAGES[language],
    ...APPEARANCE_MESSAGES[language],
    ...AUDIT_MESSAGES[language],
    ...CHECK_IN_MESSAGES[language],
    ...EXAM_MESSAGES[language],
    ...PAPER_MESSAGES[language],
    ...MODERATION_MESSAGES[language],
    ...EXPLAIN_MESSAGES[language],
    ...PROTECTION_MESSAGES[language],
    ...LESSON_QUALITY_MESSAGES[language],
    ...QUALITY_MESSAGES[language],
    ...QUESTION_BANK_MESSAGES[language],
    ...RULE_MESSAGES[language],
    ...SUPERVISION_MESSAGES[language],
    ...TIME_WINDOW_MESSAGES[language],
    approvals: APPROVAL_MESSAGES[language],
    course: COURSE_MESSAGES[language],
    imports: IMPORT_MESSAGES[language],
    invitations: INVITATION_MESSAGES[language],
    mistakes: MISTAKE_MESSAGES[language],
    nodes: NODES_MESSAGES[language],
    analytics: ANALYTICS_MESSAGES[language],
    ownExams: OWN_EXAM_MESSAGES[language],
    probes: PROBE_MESSAGES[language],
    providers: PROVIDER_MESSAGES[language],
    series: SERIES_MESSAGES[language],
  };
}
