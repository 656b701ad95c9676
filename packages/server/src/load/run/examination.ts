/** Makes an examination through the API, and has candidates enter it as guests. */
import type { AuthoredPaper } from "@lectern/exam";
import type { DeviceOrder } from "../clients/exam-device.ts";

export type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;
export type Examination = { readonly id: string; readonly code: string };
export type Entered = DeviceOrder & { readonly paper: string };

const QUESTIONS = 60;
const ENTER_AT_ONCE = 32;

/** @throws Error unless it succeeds */
export function caller(http: string, token: string): Call {
  return async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${http}/api/v1${path}`, { method, headers, ...sent });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : JSON.parse(await answer.text());
  };
}

export function questionIds(): string[] {
  return Array.from({ length: QUESTIONS }, (_, i) => `q${i + 1}`);
}

/** Sixty questions with four options each. */
function paper(): AuthoredPaper {
  const options = ["a", "b", "c", "d"].map((id) => ({ id, text: `Answer ${id}, which is about as long as real ones are` }));
  const questions = questionIds().map((id) => ({
    question: {
      id,
      kind: "single" as const,
      text: `Question ${id}: ${"what follows from what was said before? ".repeat(4)}`,
      points: 1,
      options,
    },
    solution: { kind: "single" as const, right: "b" },
  }));
  const section = { id: "s1", title: "All", instruction: "", passages: [], isShuffled: true, areOptionsShuffled: true, questions };
  return { title: "Physics", instruction: "Answer all.", sections: [section] };
}

export type ExaminationTimes = {
  readonly opensAt: number;
  readonly closesAt: number;
  readonly seconds: number;
  readonly offlineSeconds: number;
  readonly supervision?: object;
};

/** A published one that guests may sit. */
export async function makeExamination(call: Call, { opensAt, closesAt, ...times }: ExaminationTimes): Promise<Examination> {
  const schools = await call<{ items: { id: string }[] }>("GET", "/schools");
  const schoolId = schools.items[0]?.id ?? "";
  const { id: paperId } = await call<{ id: string }>("POST", "/papers", { schoolId, title: "Physics", content: paper() });
  const exam = await call<Examination>("POST", "/exams", {
    schoolId,
    paperId,
    title: "Physics",
    guests: true,
    opensAt: new Date(opensAt).toISOString(),
    closesAt: new Date(closesAt).toISOString(),
    ...times,
  });
  return await call<Examination>("POST", `/exams/${exam.id}/publish`);
}

/** @returns how the devices enter, in order */
export async function enterGuests(call: Call, { id }: Pick<Examination, "id">, count: number): Promise<Entered[]> {
  const entered: Entered[] = [];
  let next = 0;
  const enterSome = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) entered[i] = await enter(call, id, { name: `Guest ${i}` });
  };
  await Promise.all(Array.from({ length: Math.min(ENTER_AT_ONCE, count) }, enterSome));
  return entered;
}

/** @param body also `token` and `takeOver`, of a device that takes over */
export async function enter(call: Call, exam: string, body: Readonly<Record<string, unknown>>): Promise<Entered> {
  const answer = await call<{
    attempt: { id: string; seat: number };
    token: string;
    package: { url: string };
  }>("POST", `/exams/${exam}/attempts`, body);
  return { exam, attempt: answer.attempt.id, seat: answer.attempt.seat, token: answer.token, paper: answer.package.url };
}
