/** Provides a back end for tests that answers callbacks and records them. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "./lectern.ts";

export type Heard = Readonly<Record<string, string>>;

export type Answer = (heard: Heard, response: ServerResponse) => void;

/** A back end that remembers what it heard. */
export async function backEnd(t: Scope, answer: Answer) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const isJson = request.headers["content-type"] === "application/json";
      const fields: Heard = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
      heard.push(fields);
      answer(fields, response);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

export const allow = (_: Heard, response: ServerResponse) => response.end('{"code":0,"msg":"OK"}');
export const EVENTS = ["on_connect", "on_close", "on_publish", "on_unpublish", "on_play", "on_stop"];
export const settings = (url: string, over: Readonly<Record<string, string>> = {}) => ({
  "callbacks.urls": JSON.stringify(Object.fromEntries(EVENTS.map((event) => [event, url]))),
  ...over,
});
export const of = (heard: readonly Heard[], action: string) =>
  heard.filter((one) => one["action"] === action || one["call"] === action);
