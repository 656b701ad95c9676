/** Asks the door of examinations, which each worker has: for the key, to store answers, for what is stored, to hand in. Each answer tells the server's time. */
import { serverClock } from "@lectern/player/server-clock";
import { type Batch, DoorRefusal, type ExamDoor, type OwnAnswers, type Started, type Stored } from "../attempt/exam-types.ts";
import type { PieceDoor, StoredPiece } from "../files/send-file.ts";

/** A line that is silent for so long is broken: the next try begins. */
const ANSWER_WITHIN_MS = 15_000;

/** A piece of a file is larger, and what is behind its last one takes longer. */
const PIECE_WITHIN_MS = 30_000;
const BYTES = "application/octet-stream";

export function examDoor(examId: string, token: string): ExamDoor & PieceDoor {
  const path = `/exams/${encodeURIComponent(examId)}`;
  const ask = <T>(method: "GET" | "POST", name: string, body?: unknown) => request<T>(method, `${path}/${name}`, token, body);
  return {
    key: () => ask<Started>("POST", "key", {}),
    send: ({ answers, facts }: Batch, seen: readonly string[] = []) =>
      ask<Stored>("POST", "answers", { answers, facts, ...(seen.length > 0 ? { seen } : {}) }),
    own: () => ask<OwnAnswers>("GET", "answers"),
    sendPiece: ({ id, question, hash, takenAt, bytes }, offset, piece) => {
      const told = { question, hash, size: bytes.byteLength, takenAt, offset };
      const query = new URLSearchParams(Object.entries(told).map(([name, value]): [string, string] => [name, String(value)]));
      return request<StoredPiece>("POST", `${path}/files/${id}?${query}`, token, piece, PIECE_WITHIN_MS);
    },
    handIn: ({ answers, facts }: Batch) => ask<{ handedInAt: number }>("POST", "hand-in", { answers, facts }),
  };
}

/** @throws DoorRefusal; any other error means that no answer arrived, or none of this server */
async function request<T>(method: string, url: string, token: string, body: unknown, withinMs = ANSWER_WITHIN_MS): Promise<T> {
  const sentAt = serverClock.monotonic();
  const isBytes = body instanceof ArrayBuffer;
  const answer = await fetch(url, {
    method,
    cache: "no-store",
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": isBytes ? BYTES : "application/json" }),
    },
    ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  });
  const told: unknown = await answer.json();
  const fields: Readonly<Record<string, unknown>> = typeof told === "object" && told !== null ? { ...told } : {};
  const { now, code, detail, startsAt } = fields;
  if (typeof now === "number") serverClock.take({ earliest: now, sentAt });
  else serverClock.takeResponse(answer, sentAt);
  if (answer.ok) return told as T;
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  throw new DoorRefusal(
    typeof code === "string" ? code : `http-${answer.status}`,
    typeof detail === "string" ? detail : "",
    typeof startsAt === "number" ? startsAt : null,
    Number.isFinite(seconds) ? seconds : null,
  );
}
