/** Provides two schools for the drill `abuse`: one of innocent people, and one whose administrator is hostile. */
import { type Lectern, TOKEN } from "../../e2e/lectern.ts";
import { HookServer } from "./abuse-hook.ts";

const PASSWORD = "abuse drill horse battery";

export type AbuseSchools = {
  readonly operator: string;
  readonly innocentId: string;
  readonly hostileId: string;
  readonly teacher: {
    readonly token: string;
    readonly credentials: { readonly login: string; readonly password: string; readonly school: string };
  };
  /** The code of a lesson for guests. */
  readonly code: string;
  /** Receives the innocent school's events. */
  readonly hook: HookServer;
};

type Created = { readonly id: string; readonly code: string; readonly token: string };

/** Calls the API as operator. @throws Error unless it succeeds */
export async function create(lectern: Lectern, path: string, body: unknown): Promise<Created> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const answer = await fetch(`${lectern.http}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Created;
}

export async function openSchools(lectern: Lectern): Promise<AbuseSchools> {
  const { id: innocentId } = await create(lectern, "/schools", { slug: "innocent", name: "Innocent" });
  const { id: hostileId } = await create(lectern, "/schools", { slug: "hostile", name: "Hostile" });
  const credentials = { login: "teacher", password: PASSWORD, school: "innocent" };
  const person = { schoolId: innocentId, login: "teacher", name: "Li Na", role: "teacher", password: PASSWORD };
  await create(lectern, "/users", person);
  const { token } = await create(lectern, "/sessions", credentials);
  const { code } = await create(lectern, "/lessons", { schoolId: innocentId, title: "Open to guests", guests: true });
  const hook = new HookServer();
  const url = await hook.listen();
  await create(lectern, "/webhooks", { schoolId: innocentId, url, events: ["lesson.created"] });
  return { operator: TOKEN, innocentId, hostileId, teacher: { token, credentials }, code, hook };
}
