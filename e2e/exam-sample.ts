/** Provides a paper with a question of each kind that pages offer, an examination with it that candidates can enter, and guests who have answered its essay. */
import assert from "node:assert/strict";
import type { School } from "./console-school.ts";
import type { Lectern } from "./lectern.ts";
import { ask, type Body } from "./lesson-client.ts";

const MINUTE_MS = 60_000;

const option = (id: string, text: string) => ({ id, text });

export const SAMPLE_QUESTIONS = [
  {
    question: {
      id: "q1",
      kind: "single",
      text: "What is $2^3$?",
      points: 2,
      options: [option("a", "6"), option("b", "8"), option("c", "9")],
    },
    solution: { kind: "single", right: "b" },
    explanation: "Two times two times two.",
  },
  {
    question: {
      id: "q2",
      kind: "multiple",
      text: "Which are even?",
      points: 2,
      options: [option("a", "2"), option("b", "3"), option("c", "4")],
    },
    solution: { kind: "multiple", right: ["a", "c"], scoring: "part" },
  },
  {
    question: { id: "q3", kind: "boolean", text: "The earth is flat.", points: 1 },
    solution: { kind: "boolean", right: false },
  },
  {
    question: {
      id: "q4",
      kind: "gaps",
      text: "Water boils at {{g1}}.",
      points: 1,
      gaps: [{ id: "g1", form: "number", unit: "°C" }],
    },
    solution: { kind: "gaps", accepted: { g1: { value: 100, tolerance: 0, unit: "°C" } }, scoring: "all" },
  },
  {
    question: {
      id: "q5",
      kind: "matching",
      text: "Match.",
      points: 2,
      left: [option("l1", "France"), option("l2", "Japan")],
      right: [option("r1", "Paris"), option("r2", "Tokyo")],
    },
    solution: { kind: "matching", pairs: { l1: "r1", l2: "r2" }, scoring: "part" },
  },
  {
    question: {
      id: "q6",
      kind: "ordering",
      text: "From small to large.",
      points: 1,
      items: [option("i1", "one"), option("i2", "two")],
    },
    solution: { kind: "ordering", order: ["i1", "i2"], scoring: "all" },
  },
  {
    question: { id: "q7", kind: "text", text: "The capital of Italy?", points: 1 },
    solution: { kind: "text", accepted: { texts: ["Rome"] } },
  },
  {
    question: { id: "q8", kind: "essay", form: "typed", text: "Why do we sleep?", points: 5, passage: "p1" },
    solution: {
      kind: "essay",
      rubric: "Three reasons.",
      criteria: [
        { id: "c1", text: "Names a reason", points: 1.5 },
        { id: "c2", text: "Gives an example", points: 2 },
      ],
    },
  },
];

const SAMPLE_PASSAGE = { id: "p1", title: "Sleep", text: "Everybody sleeps.\n\nكل الناس ينامون." };

function contentOf(title: string) {
  const section = {
    id: "s1",
    title: "Part A",
    instruction: "Answer in whole sentences.",
    isShuffled: false,
    areOptionsShuffled: false,
  };
  return {
    title,
    instruction: "Read each question.",
    sections: [{ ...section, passages: [SAMPLE_PASSAGE], questions: SAMPLE_QUESTIONS }],
  };
}

/** Guests who have answered the essay, and handed in. @param nameOf the guest, of whom this is the number */
export async function essaysOf(
  server: Pick<Lectern, "http">,
  exam: Body,
  essays: readonly string[],
  nameOf: (number: number) => string = (number) => `Guest ${number}`,
): Promise<void> {
  for (const [at, typed] of essays.entries()) {
    const { status, body } = await ask(server, "POST", `/exams/${exam.id}/attempts`, { name: nameOf(at + 1) }, null);
    assert.equal(status, 200, JSON.stringify(body));
    for (const [door, sent] of [
      ["key", {}],
      ["answers", { answers: [{ seq: 1, question: "q8", value: { typed }, writtenAt: Date.now() }] }],
      ["hand-in", {}],
    ] as const) {
      const headers = { authorization: `Bearer ${body.token}` };
      const answer = await fetch(`${server.http}/exams/${exam.id}/${door}`, {
        method: "POST",
        headers,
        body: JSON.stringify(sent),
      });
      assert.equal(answer.status, 200, `${door}: ${await answer.text()}`);
    }
  }
}

/**
 * A published examination that candidates can enter: guests, with results at once.
 * @param opensInMs until its start; @param settings other fields of it
 */
export async function sampleExam(school: School, opensInMs: number, settings: object = {}): Promise<Body> {
  const { id: paperId } = await school.call("POST", "/papers", { title: "Algebra", content: contentOf("Algebra") });
  const now = Date.now();
  const exam = await school.call("POST", "/exams", {
    paperId,
    title: "Algebra, first term",
    opensAt: new Date(now + opensInMs).toISOString(),
    closesAt: new Date(now + 90 * MINUTE_MS).toISOString(),
    seconds: 2700,
    guests: true,
    practice: true,
    resultsShown: "explanations",
    ...settings,
  });
  return await school.call("POST", `/exams/${exam.id}/publish`);
}
