/** Makes short papers for tests, and publishes examinations with them. */
import type { AuthoredPaper, AuthoredQuestion } from "../packages/exam/src/index.ts";
import type { Body } from "./lesson-client.ts";

const HOUR_MS = 3_600_000;

export const READY: AuthoredQuestion = {
  question: { id: "q1", kind: "boolean", text: "Ready?", points: 1 },
  solution: { kind: "boolean", right: true },
};

/** A paper of one section, in its order. */
export function shortPaper(title: string, questions: readonly AuthoredQuestion[], instruction = ""): AuthoredPaper {
  const section = { id: "s1", title: "One", instruction: "", passages: [], isShuffled: false, areOptionsShuffled: false };
  return { title, instruction, sections: [{ ...section, questions }] };
}

type Owner = { readonly schoolId?: string; readonly courseId?: string };
type Options = { readonly owner?: Owner; readonly opensInMs?: number; readonly settings?: object };

/** A published examination, titled as its paper. @param call asks the API, as a teacher or an operator */
export async function publishedExam(
  call: (method: string, path: string, body?: unknown) => Promise<Body>,
  content: { readonly title: string },
  { owner = {}, opensInMs = -1000, settings = {} }: Options = {},
): Promise<Body> {
  const { title } = content;
  const { id: paperId } = await call("POST", "/papers", { ...owner, title, content });
  const [opensAt, closesAt] = [opensInMs, 2 * HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const exam = await call("POST", "/exams", { ...owner, paperId, title, opensAt, closesAt, seconds: 3600, ...settings });
  return await call("POST", `/exams/${exam.id}/publish`);
}
