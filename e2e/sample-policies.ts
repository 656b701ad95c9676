/** Provides rules of a school and of a lesson for pages that show them, none of which refuses what a test opens; and what they can name. */
import type { Lectern } from "./lectern.ts";
import { done } from "./lesson-client.ts";

type Ruled = { readonly schoolId: string; readonly lessonId: string; readonly listUrl: string };

/** Refuses programs that fetch. */
export const PROGRAMS = { kind: "user-agents", for: "play", deny: ["Wget", "python-requests"] } as const;

export async function addPolicies(server: Lectern, { schoolId, lessonId, listUrl: url }: Ruled): Promise<void> {
  const key = await done(server, "POST", "/link-keys", { schoolId, name: "Old network 旧 CDN", scheme: "aliyun-a" });
  const list = await done(server, "POST", "/address-lists", { schoolId, name: "Blocked addresses", source: "url", url });
  const ofSchool = [PROGRAMS, { kind: "addresses", for: "play", deny: ["192.0.2.0/24", `list:${list.id}`], locked: true }];
  const ofLesson = [
    { ...PROGRAMS, deny: ["Wget"], combine: "replace" },
    { kind: "referers", for: "play", allow: ["school.example", "*.school.example"], empty: "refuse", mode: "dry-run" },
    { kind: "links", for: "play", keys: [key.id] },
  ];
  await done(server, "POST", "/policies", { target: { level: "school", id: schoolId }, rules: ofSchool });
  await done(server, "POST", "/policies", { target: { level: "lesson", id: lessonId }, rules: ofLesson });
}
