/** Provides the back end of a school for tests, which a policy's rule asks: it remembers each question, and answers as a test says. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Scope } from "./lectern.ts";

export type Question = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The viewer's parameters and what the server says, whatever the method. */
  readonly facts: Readonly<Record<string, string>>;
  /** `performance.now()`. */
  readonly at: number;
};
export type Answer = (question: Question, response: ServerResponse) => void;
export type RequestedBackEnd = {
  readonly url: string;
  readonly questions: Question[];
  answer: Answer;
  /** Those with this token, since the test's beginning. */
  readonly of: (token: string) => readonly Question[];
  /** Takes no connections any more, and ends the open ones. */
  readonly die: () => Promise<void>;
};

/** Allows those with a token that begins with `good`. */
export const goodTokens: Answer = ({ facts }, response) => {
  response.statusCode = facts["token"]?.startsWith("good") ? 200 : 403;
  response.end();
};

export const status =
  (code: number): Answer =>
  (_question, response) => {
    response.statusCode = code;
    response.end();
  };

export async function requestedBackEnd(t: Scope, answer: Answer = goodTokens): Promise<RequestedBackEnd> {
  const questions: Question[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const question = { method, url, headers, body, facts: factsOf(method, url, body), at: performance.now() };
      questions.push(question);
      asked.answer(question, response);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const die = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
  };
  t.after(die);
  const asked: RequestedBackEnd = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/may-watch`,
    questions,
    answer,
    of: (token) => questions.filter(({ facts }) => facts["token"] === token),
    die,
  };
  return asked;
}

/** Whether the question is signed with the secret, as docs/policies.md says. */
export function isSigned({ method, url, headers, body }: Question, secret: string): boolean {
  const [, at, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["lectern-signature"])) ?? [];
  const text = `${at}.${method === "POST" ? body : url}`;
  return given !== undefined && given === createHmac("sha256", secret).update(text).digest("hex");
}

function factsOf(method: string, url: string, body: string): Record<string, string> {
  if (method !== "POST") return Object.fromEntries(new URL(url, "http://back-end").searchParams);
  const { query = {}, ...facts } = JSON.parse(body) as Record<string, string> & { query?: Record<string, string> };
  return { ...(query as Record<string, string>), ...facts };
}
