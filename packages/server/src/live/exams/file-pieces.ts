/**
 * Takes pieces of files that answer questions: `POST /exams/ID/files/FILE?question=q7&size=…&hash=…&takenAt=…&offset=…` with up to 512 KiB. A device and a worker have
 * few at once, because each of them is in memory until it is stored.
 */
import { isId, LIMITS } from "@lectern/exam";
import type { Candidate } from "../../contracts/exams/candidate-token.ts";
import type { ExamMessages, SentPiece, StoredPiece } from "../../contracts/exams/exam-messages.ts";
import type { Clock } from "../../platform/clock.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { MediaRequest } from "../http/media-request.ts";
import { readSmallBytes } from "../http/small-body.ts";

export const MAX_PIECE_BYTES = 512 * 1024;
/** A bad line needs so long for a piece that its device has made small. */
const WITHIN_MS = 25_000;
/** Of an attempt: what ten photos need at once, and then a megabyte a second. */
const PER_ATTEMPT = { burst: 40, perSecond: 2 };
/** Of a worker at once: 32 MiB. */
const MAX_AT_ONCE = 64;
const FULL_AGAIN_AFTER = 2;
const AWAY_AGAIN_AFTER = 3;
const PASSING: readonly string[] = ["control-away", "database-away", "storage-away", "disk-full", "draining"];
const HASH = /^[0-9a-f]{64}$/;
const NUMBER = /^\d{1,15}$/;

type Stored = Exclude<StoredPiece, { readonly refused: unknown }>;

export class FilePieces {
  private readonly ask: ExamMessages["examFilePiece"];
  private readonly requests: RateLimit;
  private underWay = 0;

  constructor(ask: ExamMessages["examFilePiece"], clock: Clock) {
    this.ask = ask;
    this.requests = new RateLimit(PER_ATTEMPT, clock.monotonic);
  }

  /** Seconds until the candidate may send another one; 0: now. */
  waitOf({ attempt }: Candidate): number {
    return this.requests.take([attempt]);
  }

  async store(request: MediaRequest, candidate: Candidate, file: string): Promise<Stored | Refusal> {
    const told = readPiece(request.address.query);
    if (!told) return new Refusal("bad-request");
    if (this.underWay >= MAX_AT_ONCE) return new Refusal("too-many").after(FULL_AGAIN_AFTER);
    this.underWay++;
    try {
      const bytes = await readSmallBytes(request, MAX_PIECE_BYTES, WITHIN_MS);
      if (bytes instanceof Refusal) return bytes;
      const { exam, attempt, seat } = candidate;
      const stored = await this.ask({ exam, attempt, seat, file, ...told, base64: bytes.toString("base64") });
      if (!("refused" in stored)) return stored;
      const refusal = new Refusal(stored.refused);
      return PASSING.includes(stored.refused) ? refusal.after(AWAY_AGAIN_AFTER) : refusal;
    } finally {
      this.underWay--;
    }
  }
}

/** Null: something is missing, or is no number. */
function readPiece(query: URLSearchParams): Pick<SentPiece, "question" | "size" | "hash" | "takenAt" | "offset"> | null {
  const question = query.get("question");
  const hash = query.get("hash") ?? "";
  const [size, takenAt, offset] = ["size", "takenAt", "offset"].map((name) => numberOf(query.get(name)));
  if (!isId(question) || !HASH.test(hash) || size == null || takenAt == null || offset == null) return null;
  if (size < 1 || size > Math.max(LIMITS.photoBytes, LIMITS.soundBytes) || offset > size) return null;
  return { question, size, hash, takenAt, offset };
}

function numberOf(text: string | null): number | null {
  return text !== null && NUMBER.test(text) ? Number(text) : null;
}
