/**
 * Asks a server that speaks OpenAI's audio API for the words of a piece of sound: POST /audio/transcriptions with a WAV file (OpenAI API reference,
 * Audio, Create transcription). A failure that may pass is tried once more.
 */
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { wavFile } from "./wav.ts";

export type TranscriptionServer = {
  /** What comes before `/audio/transcriptions`. */
  readonly url: string;
  /** Sent as a bearer token; empty: none. */
  readonly secret: string;
  readonly model: string;
  /** Of one try. */
  readonly timeoutMs: number;
  /** A tag such as en or zh-CN; empty: the server finds out. */
  readonly language: string;
};

const TRIES = 2;
const RETRY_MS = 500;
/** The words of some seconds are no longer. */
const MAX_ANSWER_BYTES = 65_536;
const MAX_DETAIL = 200;

type Tried = { readonly text: string } | { readonly problem: JobProblem; readonly isPassing: boolean };

/** The words, empty where nothing was understood; or why there are none. Rejects with the signal's reason. */
export async function transcribe(server: TranscriptionServer, sound: Buffer, signal: AbortSignal): Promise<string | JobProblem> {
  for (let left = TRIES - 1; ; left--) {
    const tried = await attempt(server, sound, signal);
    signal.throwIfAborted();
    if ("text" in tried) return tried.text;
    if (left === 0 || !tried.isPassing) return tried.problem;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    signal.throwIfAborted();
  }
}

async function attempt(server: TranscriptionServer, sound: Buffer, signal: AbortSignal): Promise<Tried> {
  try {
    const response = await fetch(`${server.url.replace(/\/$/, "")}/audio/transcriptions`, {
      method: "POST",
      headers: server.secret === "" ? {} : { authorization: `Bearer ${server.secret}` },
      body: formOf(server, sound),
      // The key is the server's that was named.
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(server.timeoutMs)]),
    });
    const body = await boundedText(response);
    return response.ok ? readAnswer(body) : failed(response.status, body);
  } catch (error) {
    const name = error instanceof Error ? error.name : "error";
    return { problem: { code: "unreachable", detail: `The server gave no answer: ${name}.` }, isPassing: true };
  }
}

function formOf({ model, language }: TranscriptionServer, sound: Buffer): FormData {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(wavFile(sound))], { type: "audio/wav" }), "speech.wav");
  form.set("model", model);
  form.set("response_format", "json");
  // ISO 639-1, without a region.
  if (language !== "") form.set("language", language.replace(/-.*$/, "").toLowerCase());
  return form;
}

function readAnswer(body: string): Tried {
  let answer: unknown = null;
  try {
    answer = JSON.parse(body);
  } catch {
    // Refused below.
  }
  const text: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "text") : null;
  if (typeof text === "string") return { text: text.replaceAll(/\s+/g, " ").trim() };
  return { problem: { code: "unsupported", detail: "The server's answer has no text." }, isPassing: false };
}

function failed(status: number, body: string): Tried {
  const detail = `The server answered ${status}: ${body.replaceAll(/\s+/g, " ").slice(0, MAX_DETAIL)}`;
  if (status === 401 || status === 403) return { problem: { code: "bad-credential", detail }, isPassing: false };
  const isPassing = status === 408 || status === 429 || status >= 500;
  return { problem: { code: isPassing ? "unreachable" : "unsupported", detail }, isPassing };
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) throw new RangeError("the answer is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
