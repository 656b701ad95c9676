/** Asks a school's webhook about a text or a picture: signed, within a deadline, not in private networks, and without following redirects. */
import type { IncomingMessage } from "node:http";
import { guardedRequest, publicUnless } from "../../../platform/guarded-request.ts";
import { signBody } from "../../../platform/secrets.ts";
import { normalText } from "../../../platform/text.ts";
import { type Checked, checkAnswer } from "./check-answer.ts";

/** An answer is a few words. */
const MAX_ANSWER_BYTES = 16 * 1024;

export type CheckQuestion = {
  readonly id: string;
  readonly event: "check.text" | "check.picture";
  /** JSON. */
  readonly body: string;
  readonly url: string;
  readonly secret: string;
  readonly allowPrivate: boolean;
  /** Ends the question. */
  readonly signal: AbortSignal;
};

/** @throws Error where there is no valid answer */
export async function postCheck(question: CheckQuestion): Promise<Checked> {
  const { url, body, allowPrivate, signal } = question;
  const options = { method: "POST", headers: headersOf(question), signal };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = guardedRequest(new URL(url), options, publicUnless(allowPrivate));
    request.on("response", resolve).on("error", reject).end(body);
  });
  // A room keeps the text, and its database takes no other.
  const normal = normalText(JSON.parse(await readAnswer(answer)));
  if ("badText" in normal) throw new Error("the answer has text that cannot be stored");
  return checkAnswer.parse(normal.value);
}

function headersOf({ id, event, body, secret }: CheckQuestion) {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Lectern-Checks/1",
    "lectern-event": event,
    "lectern-delivery": id,
    "lectern-signature": signBody(body, secret),
  };
}

async function readAnswer(answer: IncomingMessage): Promise<string> {
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new Error(`status ${answer.statusCode}`);
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error("the answer is too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
