/**
 * The API of Lectern for other programs, in Node.js and in browsers: each call is typed from the OpenAPI document.
 *
 *     const lectern = lecternClient({ url: "https://school.example", token: process.env.LECTERN_KEY });
 *     const { data, error } = await lectern.POST("/api/v1/lessons", { body: { title: "Algebra" } });
 */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.ts";

export type LecternOptions = {
  /** Of the server, without a path. */
  readonly url: string;
  /** An API key, or the token of a session; without one, only what everybody may do. */
  readonly token?: string | undefined;
  /** In which refusals are worded, such as `zh-CN`; default: the browser's, or English. */
  readonly language?: string | undefined;
  /** Instead of the environment's own. */
  readonly fetch?: (request: Request) => Promise<Response>;
};

/** Problem details (RFC 9457): `code` is stable. */
export type Problem = components["schemas"]["Problem"];
export type Lesson = components["schemas"]["Lesson"];
export type Recording = components["schemas"]["Recording"];
export type Joined = components["schemas"]["Joined"];

/** A client of one server. Each call answers `{ data }` or `{ error }`, a Problem; it throws only when there is no answer at all. */
export function lecternClient({ url, token, language, fetch }: LecternOptions): Client<paths> {
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ""),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(language === undefined ? {} : { "accept-language": language }),
    },
    ...(fetch ? { fetch } : {}),
  });
}
