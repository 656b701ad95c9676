/** Fetches the examinations that who is signed in sits next: those that are open, and those that come. */
import type { OwnExamination } from "@lectern/client";
import { api, unwrap } from "../session/api.ts";

/** What is open is first. Lessons are shown without them where they do not come. */
export async function nextExams(limit: number): Promise<readonly OwnExamination[]> {
  try {
    const query = { when: "ahead" as const, limit };
    const { items } = await unwrap(api().GET("/api/v1/me/exams", { params: { query } }));
    const next = items.filter(({ state }) => state === "open" || state === "coming");
    return next.toSorted((a, b) => Number(b.state === "open") - Number(a.state === "open"));
  } catch {
    return [];
  }
}
