/** Provides the form of an explanation: its fields, what they stand for, and how another page fills them in. */
import { api, unwrap } from "../../../session/api.ts";
import type { RefusedRequest } from "../rules/refused-request.ts";

/** By which a stream or recording is asked for; as the server names them. */
export const PROTOCOLS = ["hls", "flv", "ws", "rtmp", "mp4", "still"] as const;
export type ExplainProtocol = (typeof PROTOCOLS)[number];

export type ExplainFields = {
  readonly what: "lesson" | "url";
  readonly lessonId: string;
  readonly person: string;
  readonly url: string;
  readonly action: "play" | "publish";
  /** Empty: that of the address; HLS where it does not tell. */
  readonly protocol: ExplainProtocol | "";
  readonly ip: string;
  readonly page: string;
  readonly program: string;
  /** As a `datetime-local`; empty: now. */
  readonly at: string;
};

/** The address of the page, below /console, filled in with a refused request. */
export function explainPath({ target, action, protocol, ip, rule, about, at }: RefusedRequest): string {
  const known = { target, ip, at, protocol, action: action === "publish" ? "publish" : "play" };
  const seen = about === null ? {} : rule === "referers" ? { page: about } : rule === "user-agents" ? { program: about } : {};
  return `/access/explain?${new URLSearchParams({ ...known, ...seen })}`;
}

/** @param at an instant as a `datetime-local`; @param anyone stands for a person who has joined */
export function fieldsOf(parameters: URLSearchParams, at: string, anyone: string): ExplainFields {
  const value = (name: string) => parameters.get(name) ?? "";
  const target = value("target");
  return {
    what: target === "" ? "lesson" : "url",
    lessonId: value("lesson"),
    person: anyone,
    url: target === "" ? "" : `/${target}`,
    action: value("action") === "publish" ? "publish" : "play",
    protocol: PROTOCOLS.find((protocol) => protocol === value("protocol")) ?? "",
    ip: value("ip"),
    page: value("page"),
    program: value("program"),
    at,
  };
}

/** @param at ISO 8601; null: now */
export function requestOf(fields: ExplainFields, at: string | null) {
  const { what, lessonId, person, url, action, protocol, ip, page, program } = fields;
  const text = (value: string) => (value.trim() === "" ? null : value.trim());
  const viewer = text(person);
  const of = what === "url" ? { url: url.trim() } : { lessonId, ...(viewer === null || action === "publish" ? {} : { viewer }) };
  const by = protocol === "" || action === "publish" ? {} : { protocol };
  return { action, ...by, ...of, ip: ip.trim(), referer: text(page), userAgent: text(program), ...(at === null ? {} : { at }) };
}

/** Asks the server. @throws ApiError */
export const explainAccess = (body: ReturnType<typeof requestOf>) => unwrap(api().POST("/api/v1/policies/explain", { body }));

export type Explanation = Awaited<ReturnType<typeof explainAccess>>;
