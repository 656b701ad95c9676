/**
 * Serves candidates of examinations, at every node and worker: `GET /exams/ID/paper/HASH`, the encrypted package; `POST …/key`, from memory and after the start;
 * `POST …/answers` and `POST …/hand-in`, acknowledged once they are stored; `GET …/answers`, what is stored; `POST …/files/FILE`, a piece of a photo or of recorded
 * sound. docs/exam-protocol.md.
 */
import type { Registry } from "prom-client";
import { type Candidate, verifyCandidateToken } from "../../contracts/exams/candidate-token.ts";
import type { ExamMessages, OpenExam, SentAnswers, StoredAnswers } from "../../contracts/exams/exam-messages.ts";
import type { Clock } from "../../platform/clock.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { RecentMap } from "../../platform/recent-map.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { type MediaRequest, type MediaResponse, sendShared } from "../http/media-request.ts";
import { OPEN_TO_ALL, refusalAnswer, sendJson, sendRefusal } from "../http/responses.ts";
import { readSmallBody } from "../http/small-body.ts";
import { ExamMetrics } from "./exam-metrics.ts";
import { FilePieces } from "./file-pieces.ts";
import { GroupQueue } from "./group-queue.ts";
import { OpenExamTable } from "./open-exams.ts";
import { Papers } from "./papers.ts";
import { MAX_BODY_BYTES, readSentAnswers } from "./sent-answers.ts";

export type ExamDoorOptions = {
  /** Asks the control process. */
  readonly ask: ExamMessages;
  /** All secrets of signed links. */
  readonly secrets: () => readonly string[];
  /** Whether policies let the client reach the examination. */
  readonly permit: (exam: OpenExam, request: MediaRequest) => Promise<Refusal | null>;
  readonly onRefused: (exam: string, ip: string, refusal: Refusal) => void;
  readonly clock: Clock;
};

const WAYS = { paper: "GET", key: "POST", answers: "GET, POST", "hand-in": "POST", files: "POST" } as const;
type Way = keyof typeof WAYS;
/** `name`: of the paper, its hash; of a file, its id. */
export type ExamAddress = { readonly exam: string; readonly way: Way; readonly name: string };
type Stored = Exclude<StoredAnswers, { readonly refused: unknown }>;
type Content = Exclude<Awaited<ReturnType<ExamMessages["examStored"]>>[number], { readonly refused: unknown }>;
type Times = Pick<Stored, "startedAt" | "endsAt">;

/** The API has the ways to an examination that is sat under its own addresses, too. */
const API = "/api/v1";
const ADDRESS = /^\/exams\/([0-9a-z]{26})\/(?:(key|answers|hand-in)|(paper)\/([0-9a-f]{64})|(files)\/([0-9a-z]{16,40}))$/;
const PREFLIGHT = {
  ...OPEN_TO_ALL,
  "access-control-allow-methods": "GET, POST, OPTIONS",
  // The asterisk has no part in it: Fetch standard, "CORS-unsafe request-header names".
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "86400",
};
const BEARER = /^Bearer +(\S+)$/i;
/** Of an attempt: a device sends answers every ten seconds, and at once when it comes back. */
const PER_ATTEMPT = { burst: 30, perSecond: 2 };
/** More bytes count for more requests: what one candidate can have stored is bounded. */
const BYTES_OF_REQUEST = 8192;
/** Attempts whose start this worker knows. */
const MAX_STARTED = 200_000;

export class ExamDoor implements Door<ExamAddress> {
  readonly name = "exams";
  private readonly options: ExamDoorOptions;
  private readonly open: OpenExamTable;
  private readonly papers: Papers;
  private readonly sending: GroupQueue<SentAnswers, Stored>;
  private readonly reading: GroupQueue<Pick<SentAnswers, "exam" | "attempt" | "seat">, Content>;
  private readonly requests: RateLimit;
  private readonly pieces: FilePieces;
  private readonly started = new RecentMap<string, Times>(MAX_STARTED);
  private readonly counts = new ExamMetrics();

  constructor(options: ExamDoorOptions) {
    const { ask, clock } = options;
    this.options = options;
    this.open = new OpenExamTable(ask.openExams, clock);
    this.papers = new Papers(ask.examPackage);
    this.sending = new GroupQueue({ ask: (sent) => ask.examAnswers({ sent }), clock });
    this.reading = new GroupQueue({ ask: (attempts) => ask.examStored({ attempts }), clock });
    this.requests = new RateLimit(PER_ATTEMPT, clock.monotonic);
    this.pieces = new FilePieces(ask.examFilePiece, clock);
    this.open.start();
  }

  match({ address }: MediaRequest): ExamAddress | null {
    const isOfApi = address.path.startsWith(`${API}/exams/`);
    if (!isOfApi && !address.path.startsWith("/exams/")) return null;
    const [, exam, plain, paper, hash, files, file] = ADDRESS.exec(isOfApi ? address.path.slice(API.length) : address.path) ?? [];
    if (isOfApi && plain === undefined) return null;
    const way = plain ?? paper ?? files;
    return exam === undefined || !isWay(way) ? null : { exam, way, name: hash ?? file ?? "" };
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: MediaRequest, response: MediaResponse, address: ExamAddress): void {
    const { method = "GET" } = request;
    const allowed = WAYS[address.way];
    if (method === "OPTIONS") {
      response.writeHead(204, PREFLIGHT);
      response.end();
    } else if (!allowed.split(", ").includes(method) && !(method === "HEAD" && allowed.startsWith("GET"))) {
      response.writeHead(405, { allow: `${allowed}, OPTIONS` });
      response.end();
    } else this.serve(request, response, address).catch(() => sendRefusal(request, response, new Refusal("control-away").after(3)));
  }

  metrics(registry: Registry): void {
    this.counts.register(registry, () => this.sending.size);
  }

  /** Stores what waits. May be called twice. */
  async flush(): Promise<void> {
    await this.sending.close();
    await this.reading.close();
  }

  close(): void {
    this.open.close();
    void this.flush();
  }

  private async serve(request: MediaRequest, response: MediaResponse, address: ExamAddress): Promise<void> {
    const { exam, way, name } = address;
    if (way === "paper") return await this.servePaper(request, response, exam, name);
    const candidate = this.candidateOf(request, exam);
    if (candidate instanceof Refusal) return this.refuse(request, response, exam, candidate);
    const wait = way === "files" ? this.pieces.waitOf(candidate) : this.requests.take([candidate.attempt]);
    if (wait > 0) return this.refuse(request, response, exam, new Refusal("too-many").after(wait));
    const known = this.open.peek(exam);
    const denied = known && (await this.options.permit(known, request));
    if (denied) return this.refuse(request, response, exam, denied);
    if (way === "files") return await this.storePiece(request, response, candidate, name);
    if (way === "key") return await this.serveKey(request, response, candidate, known !== null);
    if (request.method !== "POST") return await this.serveStored(request, response, candidate);
    await this.store(request, response, candidate, way === "hand-in");
  }

  private async servePaper(request: MediaRequest, response: MediaResponse, exam: string, hash: string): Promise<void> {
    const found = await this.open.find(exam);
    if (found === "away") return sendRefusal(request, response, new Refusal("control-away").after(3));
    // The package of an examination that nobody can enter is not shown.
    if (found === "none" || found.hash !== hash) return this.refuse(request, response, exam, new Refusal("not-found"));
    const denied = await this.options.permit(found, request);
    if (denied) return this.refuse(request, response, exam, denied);
    const paper = await this.papers.find(exam, hash);
    if (!paper) return sendRefusal(request, response, new Refusal("not-found"));
    sendShared(request, response, paper);
    this.counts.papers.inc();
  }

  /** @param isKnown whether policies were asked already */
  private async serveKey(request: MediaRequest, response: MediaResponse, candidate: Candidate, isKnown: boolean): Promise<void> {
    const { exam, attempt, seat } = candidate;
    const found = await this.open.find(exam);
    if (found === "away") return sendRefusal(request, response, new Refusal("control-away").after(3));
    if (found === "none") return this.refuse(request, response, exam, new Refusal("exam-ended"));
    if (this.open.isDeleted(attempt)) return this.refuse(request, response, exam, new Refusal("exam-attempt-unknown"));
    // Until now this worker has not known it, nor whose policies hold.
    const denied = isKnown ? null : await this.options.permit(found, request);
    if (denied) return this.refuse(request, response, exam, denied);
    const now = this.options.clock.utc();
    if (now < found.opensAt) return sendNotStarted(request, response, found.opensAt, now);
    if (now > found.lastEndsAt) return sendRefusal(request, response, new Refusal("exam-ended"));
    const known = this.started.get(attempt);
    const startedAt = known?.startedAt ?? Math.min(now, found.latestStartAt ?? now);
    const endsAt = known?.endsAt ?? Math.min(found.closesAt, startedAt + found.seconds * 1000);
    if (!known) {
      const note = { exam, attempt, seat, answers: [], facts: [], startedAt };
      if (this.sending.tell(note, 0)) this.started.set(attempt, { startedAt, endsAt });
    }
    this.counts.keys.inc();
    sendJson(response, { key: found.key, now, startedAt, endsAt });
  }

  private async serveStored(request: MediaRequest, response: MediaResponse, candidate: Candidate): Promise<void> {
    const { exam, attempt, seat } = candidate;
    const content = await this.reading.ask({ exam, attempt, seat }, 0);
    if (content instanceof Refusal) return sendRefusal(request, response, content);
    this.remember(attempt, content);
    sendJson(response, { ...content, now: this.options.clock.utc() });
  }

  private async store(request: MediaRequest, response: MediaResponse, candidate: Candidate, isHandedIn: boolean): Promise<void> {
    const text = await readSmallBody(request, MAX_BODY_BYTES);
    if (text instanceof Refusal) return sendRefusal(request, response, text);
    const body = readSentAnswers(text);
    if (!body) return sendRefusal(request, response, new Refusal("bad-request"));
    const { exam, attempt, seat } = candidate;
    const wait = this.requests.take([attempt], Math.floor(text.length / BYTES_OF_REQUEST));
    if (wait > 0) return this.refuse(request, response, exam, new Refusal("too-many").after(wait));
    const begun = this.options.clock.monotonic();
    // The note of the start may be in a later group.
    const startedAt = this.started.get(attempt)?.startedAt ?? null;
    const start = startedAt === null ? {} : { startedAt };
    const sent = { exam, attempt, seat, ...body, ...start, ...(isHandedIn ? { isHandedIn } : {}) };
    const stored = await this.sending.ask(sent, text.length);
    if (stored instanceof Refusal) return sendRefusal(request, response, stored);
    this.counts.stored(body.answers.length, isHandedIn, this.options.clock.monotonic() - begun);
    this.remember(attempt, stored);
    const { endsAt, handedInAt, late, paused, pausedAt, messages, talk, sections } = stored;
    const now = this.options.clock.utc();
    const supervision = { ...(paused ? { paused, pausedAt } : {}), ...(messages ? { messages } : {}), ...(talk ? { talk } : {}) };
    const told = {
      stored: stored.stored,
      now,
      endsAt,
      handedIn: handedInAt !== null,
      handedInAt,
      ...supervision,
      ...(sections ? { sections } : {}),
    };
    sendJson(response, late.length > 0 ? { ...told, late } : told);
  }

  private async storePiece(request: MediaRequest, response: MediaResponse, candidate: Candidate, file: string): Promise<void> {
    const stored = await this.pieces.store(request, candidate, file);
    if (stored instanceof Refusal) return this.refuse(request, response, candidate.exam, stored);
    sendJson(response, { ...stored, now: this.options.clock.utc() });
  }

  private candidateOf({ headers }: MediaRequest, exam: string): Candidate | Refusal {
    const token = BEARER.exec(headers.authorization ?? "")?.[1];
    if (token === undefined) return new Refusal("not-signed-in");
    const { secrets, clock } = this.options;
    const candidate = verifyCandidateToken(token, secrets(), clock.utc());
    if (!candidate) return new Refusal("bad-credential");
    return candidate.exam === exam ? candidate : new Refusal("exam-attempt-unknown");
  }

  private remember(attempt: string, { startedAt, endsAt }: Times): void {
    if (startedAt !== null) this.started.set(attempt, { startedAt, endsAt });
  }

  private refuse(request: MediaRequest, response: MediaResponse, exam: string, refusal: Refusal): void {
    this.options.onRefused(exam, request.ip, refusal);
    sendRefusal(request, response, refusal);
  }
}

/** Problem details (RFC 9457) with the start, which a page counts down to. */
function sendNotStarted(request: MediaRequest, response: MediaResponse, startsAt: number, now: number): void {
  const refusal = new Refusal("exam-not-started").after((startsAt - now) / 1000);
  const answer = refusalAnswer(request, refusal);
  const body = Buffer.from(JSON.stringify({ ...JSON.parse(answer.body.toString()), startsAt, now }));
  response.writeHead(refusal.status, { ...answer.headers, "content-length": String(body.length) });
  response.end(body);
}

function isWay(way: string | undefined): way is Way {
  return way !== undefined && way in WAYS;
}
