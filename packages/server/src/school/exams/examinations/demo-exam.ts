/** Creates the examination of the demonstration school: anybody sits it in two minutes, as often as they like, and has the result at once. */
import { type AuthoredPaper, FACT_KINDS, type FactKind } from "@lectern/exam";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { newCode } from "../../lessons/join-code.ts";
import { sizeOf } from "../papers/content.ts";
import { publishExam } from "./publish.ts";

const TITLE = "A test that anybody may try";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPEN_DAYS = 365;
/** A server that runs on for long renews it at its next start. */
const RENEWED_DAYS = 60;
const SECONDS = 300;
const ATTEMPTS = 20;

const PAPER: AuthoredPaper = {
  title: TITLE,
  instruction: "Five questions about fractions and angles. You have five minutes; two are enough.",
  sections: [
    {
      id: "s1",
      title: "Numbers",
      instruction: "",
      passages: [],
      isShuffled: false,
      areOptionsShuffled: true,
      questions: [
        {
          question: {
            id: "half",
            kind: "single",
            text: "Which fraction equals $\\frac{1}{2}$?",
            points: 1,
            knowledge: ["fractions"],
            options: [
              { id: "a", text: "$\\frac{2}{3}$" },
              { id: "b", text: "$\\frac{3}{6}$" },
              { id: "c", text: "$\\frac{2}{5}$" },
              { id: "d", text: "None of these", isAnchored: true },
            ],
          },
          solution: { kind: "single", right: "b" },
          explanation: "Divide both parts of $\\frac{3}{6}$ by 3.",
        },
        {
          question: {
            id: "primes",
            kind: "multiple",
            text: "Which of these are prime numbers?",
            points: 2,
            knowledge: ["numbers"],
            options: [
              { id: "a", text: "2" },
              { id: "b", text: "9" },
              { id: "c", text: "13" },
              { id: "d", text: "15" },
            ],
          },
          solution: { kind: "multiple", right: ["a", "c"], scoring: "part" },
          explanation: "9 = 3 · 3 and 15 = 3 · 5.",
        },
        {
          question: {
            id: "decimal",
            kind: "gaps",
            text: "$\\frac{3}{4}$ as a decimal number is {{1}}.",
            points: 1,
            knowledge: ["fractions"],
            gaps: [{ id: "1", form: "number" }],
          },
          solution: { kind: "gaps", accepted: { 1: { value: 0.75, tolerance: 0 } }, scoring: "all" },
          explanation: "3 divided by 4.",
        },
      ],
    },
    {
      id: "s2",
      title: "Angles",
      instruction: "",
      passages: [],
      isShuffled: false,
      areOptionsShuffled: true,
      questions: [
        {
          question: {
            id: "order",
            kind: "ordering",
            text: "Put the angles in order, the smallest first.",
            points: 2,
            knowledge: ["angles"],
            items: [
              { id: "a", text: "acute angle" },
              { id: "b", text: "right angle" },
              { id: "c", text: "obtuse angle" },
              { id: "d", text: "straight angle" },
            ],
          },
          solution: { kind: "ordering", order: ["a", "b", "c", "d"], scoring: "part" },
          explanation: "Below 90°, 90°, above 90°, 180°.",
        },
        {
          question: {
            id: "triangle",
            kind: "boolean",
            text: "The angles of a triangle add up to 180°.",
            points: 1,
            knowledge: ["angles"],
          },
          solution: { kind: "boolean", right: true },
          explanation: "Cut off the corners and lay them side by side: they make a straight line.",
        },
      ],
    },
  ],
};

/** @returns its code */
export async function openDemoExam(change: Change, storedSecrets: StoredSecrets, schoolId: string): Promise<string> {
  const now = Date.now();
  const known = await change.trx
    .selectFrom("exams")
    .selectAll()
    .where("school_id", "=", schoolId)
    .where("title", "=", TITLE)
    .where("published_at", "is not", null)
    .where("deleted_at", "is", null)
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  if (!known) return (await createDemoExam(change, storedSecrets, schoolId, now)).code;
  if (known.closes_at.getTime() < now + RENEWED_DAYS * DAY_MS) await updateRow(change, "exams", known, openTimes(now));
  return known.code;
}

async function createDemoExam(change: Change, storedSecrets: StoredSecrets, schoolId: string, now: number): Promise<Exam> {
  const paper = { id: newId(), school_id: schoolId, course_id: null, title: TITLE, content: json(PAPER), ...sizeOf(PAPER) };
  await change.trx.insertInto("exam_papers").values(paper).execute();
  const row = {
    id: newId(),
    school_id: schoolId,
    course_id: null,
    paper_id: paper.id,
    title: TITLE,
    code: newCode(),
    ...openTimes(now),
    seconds: SECONDS,
    attempts: ATTEMPTS,
    guests: true,
    practice: true,
    facts: json<readonly FactKind[]>(FACT_KINDS),
    results_shown: "explanations" as const,
  };
  const exam = await change.trx.insertInto("exams").values(row).returningAll().executeTakeFirstOrThrow();
  return await publishExam(change, { storedSecrets, files: [] }, exam, new Date(now));
}

function openTimes(now: number) {
  return { opens_at: new Date(now - HOUR_MS), closes_at: new Date(now + OPEN_DAYS * DAY_MS), latest_entry_at: null };
}
