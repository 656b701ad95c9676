/**
 * Provides a Unix socket for administration on the machine itself: `lectern backup`, `recover`, `nodes`, `drain` and lists reach the running server by it. The
 * open socket also locks the data directory: the embedded database must not be opened twice.
 */
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { AuditVerification } from "../../contracts/audit/audit-verification.ts";
import type { ImportedLesson, ImportedTo } from "../../contracts/recordings/imported-lesson.ts";
import type { Member } from "../../network/membership.ts";
import { listen } from "../../platform/listen.ts";
import { createServer, request } from "../../platform/node-http.ts";
import type { BreakGlassAccount, BreakGlassRequest, EncryptionStatus } from "../../school/school.ts";
import type { AdminListPage, AdminListRequest } from "./admin-lists.ts";

export type NodeClients = { readonly publishers: number; readonly viewers: number };

/** Answered by the running server. */
export type AdminMethods = {
  /** Writes a backup to a file of this machine. @returns also the names of the secrets that it needs */
  readonly backup: (parameter: { readonly file: string }) => Promise<{ rows: number; secrets: readonly string[] }>;
  /** All nodes of the cluster, this one first. */
  readonly nodes: (parameter: Record<string, never>) => Promise<readonly Member[]>;
  /** Drains this node, or ends its drain; false: it is not known as a node. */
  readonly drain: (parameter: { readonly draining: boolean }) => Promise<boolean>;
  /** What is still at this node: streams whose publisher is here, and their viewers. */
  readonly clients: (parameter: Record<string, never>) => Promise<NodeClients>;
  /** People, lessons, streams or keys of all schools, a page at a time. */
  readonly list: (parameter: AdminListRequest) => Promise<AdminListPage>;
  /** The configuration in force, with secrets covered. */
  readonly config: (parameter: Record<string, never>) => Promise<unknown>;
  /** The schools whose audit log has checkpoints, and null for the platform. */
  readonly auditChains: (parameter: Record<string, never>) => Promise<readonly (string | null)[]>;
  /** Verifies the audit entries of a chain behind a checkpoint. */
  readonly verifyAudit: (parameter: { readonly schoolId: string | null; readonly after: number }) => Promise<AuditVerification>;
  /** Data keys, and how far the data of people is encrypted; with `rotate`, a new data key is made first. */
  readonly encryption: (parameter: { readonly rotate: boolean }) => Promise<EncryptionStatus>;
  /** Generates a new password for the first operator. */
  readonly recover: (parameter: Record<string, never>) => Promise<{ login: string; password: string }>;
  /** Makes an operator for an emergency, whose account ends after some minutes. */
  readonly breakGlass: (parameter: BreakGlassRequest) => Promise<BreakGlassAccount>;
  /** The lesson that an imported one became; null: none. */
  readonly findImportedLesson: (
    parameter: Pick<ImportedLesson, "school" | "externalId">,
  ) => Promise<{ readonly found: ImportedTo | null }>;
  /** Adds a lesson that another system has recorded, whose files are here. */
  readonly addImportedLesson: (parameter: ImportedLesson) => Promise<ImportedTo>;
};

/** Asks whether the process has lost its supervisor, and so is about to end. */
const ORPHAN = "orphan";
const SUPERVISOR = process.ppid;
/** A process without its supervisor closes its clients and its database, and ends, within less than this. */
const ENDS_WITHIN_MS = 10_000;
const POLL_MS = 100;

type Name = keyof AdminMethods;
const NAMES: readonly Name[] = [
  ...(["backup", "nodes", "drain", "clients", "list", "config", "auditChains", "verifyAudit"] as const),
  ...(["encryption", "recover", "breakGlass", "findImportedLesson", "addImportedLesson"] as const),
];

function isName(name: string | undefined): name is Name {
  return NAMES.some((one) => one === name);
}

type Parameter<N extends Name> = Parameters<AdminMethods[N]>[0];
type Result<N extends Name> = Awaited<ReturnType<AdminMethods[N]>>;

/** Another process uses the data directory. */
export class InUse extends Error {
  override readonly name = "InUse";

  constructor(dataDir: string) {
    super(`another Lectern is running with ${dataDir}`);
  }
}

/** The server has its socket, and cannot answer yet, or no more. */
export class NotReady extends Error {
  override readonly name = "NotReady";

  constructor() {
    super("the server is starting or stopping; try again in a moment");
  }
}

type Failure = { readonly error: string; readonly name: string };

function failureOf(error: unknown): Failure {
  return error instanceof Error ? { error: error.message, name: error.name } : { error: String(error), name: "Error" };
}

/**
 * Opens the socket of a data directory, as soon as a server has ended whose supervisor was killed. Null: it locks, and refuses all calls.
 * @throws InUse
 */
export async function openAdminSocket(dataDir: string, methods: AdminMethods | null): Promise<Server> {
  const path = socketOf(dataDir);
  if (!(await becomesFree(path))) throw new InUse(dataDir);
  rmSync(path, { force: true });
  const server = createServer((incoming, response) => {
    let text = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (piece: string) => {
      text += piece;
    });
    incoming.on("end", () => {
      const answer = async () => {
        const name = incoming.url?.slice(1);
        if (name === ORPHAN) return process.ppid !== SUPERVISOR;
        const parameter: never = JSON.parse(text) as never;
        if (!isName(name)) throw new Error(`there is no ${name}`);
        if (!methods) throw new NotReady();
        return await methods[name](parameter);
      };
      answer().then(
        (value) => response.end(JSON.stringify({ value })),
        (error: unknown) => response.end(JSON.stringify(failureOf(error))),
      );
    });
  });
  await listen(server, { path });
  chmodSync(path, 0o600);
  return server;
}

/** Works on the data directory of a stopped server. @throws InUse */
export async function whileStopped<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const lock = await openAdminSocket(dataDir, null);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

/** Calls the server of a data directory. Null when none runs. @throws Error with the server's message, and the name of its error */
export async function callServer<N extends Name>(dataDir: string, name: N, parameter: Parameter<N>): Promise<Result<N> | null> {
  const path = socketOf(dataDir);
  if (!(await isOpen(path))) return null;
  const answer: { value?: Result<N> } & Partial<Failure> = await ask(path, name, parameter);
  if (answer.value === undefined) {
    const { error = "the server gave no answer", name: kind = "Error" } = answer;
    throw Object.assign(new Error(error), { name: kind });
  }
  return answer.value;
}

async function ask<Answer>(path: string, name: string, parameter: unknown): Promise<Answer> {
  const text = await new Promise<string>((resolve, reject) => {
    const asked = request({ socketPath: path, path: `/${name}`, method: "POST" }, (response) => {
      let all = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        all += piece;
      });
      response.on("end", () => resolve(all));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(JSON.stringify(parameter));
  });
  return JSON.parse(text) as Answer;
}

/** In a folder that only this user may enter, since the data directory's path may be too long for a socket. */
function socketOf(dataDir: string): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `lectern-of-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) throw new Error(`${folder} belongs to another user`);
  mkdirSync(dataDir, { recursive: true });
  return join(folder, `${createHash("sha256").update(realpathSync(dataDir)).digest("hex").slice(0, 16)}.sock`);
}

/** Whether nobody has the socket, at once or when a process has ended that is about to. */
async function becomesFree(path: string): Promise<boolean> {
  const until = performance.now() + ENDS_WITHIN_MS;
  while (await isOpen(path)) {
    if (!(await isOrphan(path)) || performance.now() > until) return false;
    await setTimeout(POLL_MS);
  }
  return true;
}

/** A process that closes the connection is ending. */
async function isOrphan(path: string): Promise<boolean> {
  const answer = ask<{ value?: boolean }>(path, ORPHAN, {}).catch(() => ({ value: true }));
  // It stands still.
  const none = setTimeout(ENDS_WITHIN_MS, { value: false }, { ref: false });
  return (await Promise.race([answer, none])).value ?? false;
}

function isOpen(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
