/** Provides innocent users of the drill `abuse`: what they do all the time, and how long each of their requests takes. */
import { request } from "node:http";
import { get as getSecurely } from "node:https";
import { watch } from "../../e2e/lesson-client.ts";
import { quantile } from "../report/table.ts";
import type { AbuseSchools } from "./abuse-schools.ts";

/** Of 25 frames a second. */
export const VIEWER = "viewer by FLV: longest gap";
/** Another address than those of the attackers. */
export const INNOCENT_ADDRESS = "127.0.0.2";
/** The stream that the viewer watches. */
export const WATCHED = "watched";
const PAUSE_MS = 50;
const ANSWER_WITHIN_MS = 60_000;

/** What one kind of innocent request saw. */
export type Innocent = { readonly what: string; readonly p50: number; readonly p99: number; readonly refused: number };

export type SentRequest = { readonly method: string; readonly path: string; readonly body?: unknown; readonly token?: string };

/** Resolves with the status; 0: no answer. */
export function ask(port: number, from: string, { method, path, body, token }: SentRequest): Promise<number> {
  return new Promise((resolve) => {
    const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const type = typeof body === "string" ? "text/csv" : "application/json";
    const asked = request({
      host: "127.0.0.1",
      port,
      path,
      method,
      localAddress: from,
      agent: false as const,
      timeout: ANSWER_WITHIN_MS,
      headers: {
        ...(payload === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(payload) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    asked.on("response", (answer) => {
      answer.resume();
      answer.on("close", () => resolve(answer.complete ? (answer.statusCode ?? 0) : 0));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(0));
    asked.end(payload);
  });
}

function askSecurely(port: number): Promise<number> {
  return new Promise((resolve) => {
    const options = {
      host: "127.0.0.1",
      port,
      path: "/",
      localAddress: INNOCENT_ADDRESS,
      agent: false,
      rejectUnauthorized: false,
    } as const;
    const asked = getSecurely(options, (answer) => {
      answer.resume();
      answer.on("close", () => resolve(answer.complete ? (answer.statusCode ?? 0) : 0));
    });
    asked.on("error", () => resolve(0));
  });
}

/** Asks again and again, and measures, until `isOver`. */
async function repeat(what: string, isOver: () => boolean, once: (i: number) => Promise<number>): Promise<Innocent> {
  const times: number[] = [];
  let refused = 0;
  for (let i = 0; !isOver(); i++) {
    const begun = performance.now();
    const status = await once(i);
    times.push(performance.now() - begun);
    if (status === 0 || status >= 300) refused++;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { what, p50: quantile(times, 0.5), p99: quantile(times, 0.99), refused };
}

/** The longest time without a byte of the picture. */
async function watchPicture(flv: string, isOver: () => boolean): Promise<Innocent> {
  const viewer = watch(flv);
  while (!isOver()) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const gap = viewer.longestGapMs();
  viewer.leave();
  return { what: VIEWER, p50: gap, p99: gap, refused: viewer.bytes() > 0 ? 0 : 1 };
}

/** Pages, API, sign-in, joining by code, events of webhooks and a live picture, all at the same time. */
export async function watchInnocents(
  { http, httpPort: port, tlsPort }: { readonly http: string; readonly httpPort: number; readonly tlsPort: number },
  schools: AbuseSchools,
  isOver: () => boolean,
): Promise<Innocent[]> {
  const get = (path: string, token?: string) => () =>
    ask(port, INNOCENT_ADDRESS, { method: "GET", path, ...(token === undefined ? {} : { token }) });
  const { teacher, code, operator, hook } = schools;
  return await Promise.all([
    watchPicture(`${http}/live/${WATCHED}.flv`, isOver),
    repeat("page", isOver, get("/")),
    repeat("page by HTTPS, a new connection each", isOver, () => askSecurely(tlsPort)),
    repeat("API", isOver, get("/api/v1/me", teacher.token)),
    repeat("list of lessons", isOver, get("/api/v1/lessons", teacher.token)),
    repeat("invitation by code", isOver, get(`/api/v1/invitations/${code}`)),
    repeat("join by code", isOver, (i) =>
      ask(port, INNOCENT_ADDRESS, { method: "POST", path: `/api/v1/lessons/${code}/join`, body: { name: `Guest ${i}` } }),
    ),
    repeat("sign-in", isOver, () =>
      ask(port, INNOCENT_ADDRESS, { method: "POST", path: "/api/v1/sessions", body: teacher.credentials }),
    ),
    repeat("webhook", isOver, async (i) => {
      const title = `Event ${i}`;
      const body = { title, schoolId: schools.innocentId };
      const status = await ask(port, INNOCENT_ADDRESS, { method: "POST", path: "/api/v1/lessons", body, token: operator });
      await hook.arrived(title);
      return status;
    }),
  ]);
}
