/**
 * Provides the files that a node encodes, and those of them that it keeps: who gets the next free place, which files there are, and how much of the
 * disk they may have. Schools take turns. What nobody asks for any more is given up, unless its order is kept, and a download is deleted some time
 * after it was made.
 */
import { randomBytes } from "node:crypto";
import type {
  DownloadAnswer,
  DownloadAttempt,
  DownloadName,
  DownloadOrder,
  DownloadProblem,
  DownloadReport,
  DownloadState,
  DownloadTask,
} from "../../contracts/recordings/download-messages.ts";
import type { Clock } from "../../platform/clock.ts";
import { type WaitingJob, WaitingJobs } from "../../platform/jobs/waiting-jobs.ts";
import { type EncodingOrder, encodingOrder } from "./encoding-order.ts";

export type EncodingQueueOptions = {
  readonly clock: Clock;
  readonly settings: () => DownloadSettings;
  /** Whether the server does without files of a school for now: its orders wait. */
  readonly isShed: (school: string) => boolean;
  /** Takes cores of this machine that are idle; false: there are too few. */
  readonly takeCores: (key: string, cores: number) => boolean;
  /** Bytes that the disk has left; null: unknown. */
  readonly freeBytes: () => Promise<number | null>;
  /** The workers that can make one, in any order. */
  readonly workers: () => readonly string[];
  readonly start: (worker: string, task: DownloadTask) => void;
  /** Resolves when nothing is left of it. */
  readonly stop: (worker: string, of: DownloadAttempt) => Promise<void>;
  /** Deletes a file that is whole. */
  readonly remove: (of: DownloadName) => Promise<void>;
};

export type DownloadSettings = {
  /** Made at once. */
  readonly atOnce: number;
  readonly keepMs: number;
  /** Of all files together. */
  readonly maxBytes: number;
};

type Download = {
  readonly id: string;
  readonly order: DownloadOrder;
  readonly rules: EncodingOrder;
  /** Bytes that it may have in the end; when it is done, those that it has. */
  reserved: number;
  bytes: number;
  state: "waiting" | "running" | "done" | "failed";
  problem: DownloadProblem;
  worker: string | null;
  share: number;
  cores: number | null;
  /** Monotonic milliseconds. */
  requestedAt: number;
  /** When its worker last reported, or was told to begin. */
  heardAt: number;
  changedAt: number;
  tries: number;
};

type Waiting = WaitingJob & { readonly id: string };

/** Who has not asked for so long does not want it any more. Pages in the background ask once a minute. */
const WANTED_MS = 130_000;
/** A failure is told for so long. */
const FAILED_MS = 300_000;
/** A download takes a core, or most of the only one. */
const CORES = 1;
/** On a machine without an idle core, one begins after so long all the same: it runs behind everything else. */
const PATIENCE_MS = 20_000;
/** A worker that says nothing for so long has not heard of it. Beginning takes as long as the trial of the text. */
const SILENT_MS = 90_000;
const MAX_OF_OWNER = 3;
const MAX_OF_SCHOOL = 100;
/** The disk keeps so much for recordings. */
const LEAST_FREE_BYTES = 200_000_000;
/** What was made is a recording soon; one that was deleted may be ordered again after this. */
const RECORDING_DONE_MS = 30_000;
const ID_BYTES = 20;

export class EncodingQueue {
  private readonly options: EncodingQueueOptions;
  private readonly downloads = new Map<string, Download>();
  private readonly waiting: WaitingJobs<Waiting>;
  /** When a school last had its turn. */
  private readonly served = new Map<string, number>();
  private turn = 0;

  constructor(options: EncodingQueueOptions) {
    this.options = options;
    this.waiting = new WaitingJobs(options.clock, WANTED_MS);
  }

  async order(order: DownloadOrder): Promise<DownloadAnswer> {
    const rules = encodingOrder(order);
    const { key, reserved } = rules;
    const known = this.ofKey(key);
    if (known) return this.asked(known);
    const refused = this.refuse(order, reserved) ?? (await this.refuseForDisk(reserved));
    if (refused) return { refused };
    // The same may have been ordered meanwhile.
    const other = this.ofKey(key);
    if (other) return this.asked(other);
    const now = this.options.clock.monotonic();
    const download: Download = {
      id: rules.id ?? randomBytes(ID_BYTES).toString("base64url"),
      order,
      rules,
      reserved,
      ...({ bytes: 0, state: "waiting" } as const),
      problem: "failed",
      worker: null,
      share: 0,
      cores: null,
      requestedAt: now,
      heardAt: now,
      changedAt: now,
      tries: 0,
    };
    this.downloads.set(download.id, download);
    this.asked(download);
    this.startNext();
    return this.viewOf(download);
  }

  find(of: DownloadName): DownloadState | null {
    const download = this.ofName(of);
    return download ? this.asked(download) : null;
  }

  async cancel(of: DownloadName): Promise<void> {
    const download = this.ofName(of);
    if (download) await this.drop(download);
  }

  take(worker: string, report: DownloadReport): void {
    const download = this.downloads.get(report.id);
    if (download?.state !== "running" || download.worker !== worker) return;
    download.heardAt = this.options.clock.monotonic();
    download.bytes = report.bytes;
    download.cores = report.cores;
    if (report.state === "running") {
      download.share = Math.max(download.share, report.share);
      return;
    }
    const { rules } = download;
    if (report.state === "failed" && report.problem === "failed") this.again(download, worker, rules.tries.failed);
    else this.settle(download, report.state);
    if (report.state === "failed") download.problem = report.problem;
    else download.reserved = rules.becomes === "recording" ? 0 : report.bytes;
    this.startNext();
  }

  /** What a worker that died was making is made again, by another one. */
  workerGone(worker: string): void {
    for (const download of this.downloads.values()) {
      if (download.worker === worker && download.state === "running") this.again(download, worker, download.rules.tries.lost);
    }
  }

  private again(download: Download, worker: string, tries: number): void {
    void this.options.stop(worker, attemptOf(download)).catch(() => {});
    if (download.tries >= tries) return this.settle(download, "failed");
    Object.assign(download, { state: "waiting", worker: null, share: 0, bytes: 0, cores: null });
    this.wait(download);
  }

  /** To be called each second. */
  sweep(): void {
    const now = this.options.clock.monotonic();
    const { keepMs } = this.options.settings();
    for (const download of this.downloads.values()) {
      const { rules, worker } = download;
      if (rules.kept && isOpen(download)) this.asked(download);
      if (download.state === "running" && worker !== null && now - download.heardAt > SILENT_MS)
        this.again(download, worker, rules.tries.lost);
      const { state, requestedAt, changedAt } = download;
      const done = rules.becomes === "recording" ? RECORDING_DONE_MS : keepMs;
      const limit = { waiting: WANTED_MS, running: WANTED_MS, done, failed: FAILED_MS }[state];
      if (now - (isOpen(download) ? requestedAt : changedAt) > limit) void this.drop(download).catch(() => {});
    }
    this.startNext();
  }

  /** Cores that downloads use now, and leave to whatever else needs them. */
  get yielding(): number {
    return this.running().reduce((sum, { cores }) => sum + (cores ?? 0), 0);
  }

  private ofKey(key: string): Download | null {
    return [...this.downloads.values()].find(({ rules, state }) => rules.key === key && state !== "failed") ?? null;
  }

  private ofName({ id, recording }: DownloadName): Download | null {
    const download = this.downloads.get(id);
    return download?.order.recording === recording ? download : null;
  }

  private asked(download: Download): DownloadState {
    download.requestedAt = this.options.clock.monotonic();
    if (download.state === "waiting") this.wait(download);
    return this.viewOf(download);
  }

  private wait({ id, order: { school } }: Download): void {
    this.waiting.ask({ key: id, id, priority: 0, school, cores: CORES });
  }

  private running(): Download[] {
    return [...this.downloads.values()].filter(({ state }) => state === "running");
  }

  private settle(download: Download, state: "done" | "failed"): void {
    Object.assign(download, { state, worker: null, cores: null, changedAt: this.options.clock.monotonic() });
    if (state === "failed") download.reserved = 0;
  }

  private refuse({ owner, school }: DownloadOrder, reserved: number): "too-many" | "too-large" | null {
    const open = [...this.downloads.values()].filter(isOpen);
    if (open.filter(({ order }) => order.owner === owner).length >= MAX_OF_OWNER) return "too-many";
    if (open.filter(({ order }) => order.school === school).length >= MAX_OF_SCHOOL) return "too-many";
    return reserved > this.options.settings().maxBytes ? "too-large" : null;
  }

  private async refuseForDisk(reserved: number): Promise<"disk-full" | null> {
    const free = await this.options.freeBytes();
    if (free === null) return null;
    const promised = this.running().reduce((sum, { reserved, bytes }) => sum + Math.max(0, reserved - bytes), 0);
    const least = Math.min(LEAST_FREE_BYTES, this.options.settings().maxBytes);
    return free - promised - least < reserved ? "disk-full" : null;
  }

  /** Begins what has its turn, as far as there is room. */
  private startNext(): void {
    for (;;) {
      const { atOnce } = this.options.settings();
      const running = this.running();
      const next = running.length < atOnce ? this.waiting.first((school) => this.turnOf(school, running)) : null;
      const download = next && this.downloads.get(next.id);
      if (!download) {
        if (!next) return;
        this.waiting.remove(next.key);
        continue;
      }
      const worker = this.freestWorker(running);
      // Schools whose orders wait have their turn last.
      if (this.options.isShed(download.order.school)) return;
      if (worker === null || !this.freeStorage(download) || !this.takeCores(download, running.length)) return;
      this.waiting.remove(download.id);
      this.served.set(download.order.school, ++this.turn);
      const now = this.options.clock.monotonic();
      Object.assign(download, { state: "running", worker, changedAt: now, heardAt: now, tries: download.tries + 1 });
      const { maxKbps, task } = download.rules;
      this.options.start(worker, { ...attemptOf(download), ...task, maxKbps, maxBytes: download.reserved });
    }
  }

  /** The school with the fewest running comes first, of these the one that has waited longest for its turn. */
  private turnOf(school: string, running: readonly Download[]): number {
    if (this.options.isShed(school)) return Number.MAX_VALUE;
    const count = running.filter(({ order }) => order.school === school).length;
    return count * 1e12 + (this.served.get(school) ?? 0);
  }

  private takeCores({ id, changedAt }: Download, others: number): boolean {
    if (this.options.takeCores(id, CORES)) return true;
    return others === 0 && this.options.clock.monotonic() - changedAt > PATIENCE_MS;
  }

  private freestWorker(running: readonly Download[]): string | null {
    const busy = (worker: string) => running.filter((download) => download.worker === worker).length;
    return [...this.options.workers()].sort((a, b) => busy(a) - busy(b))[0] ?? null;
  }

  /** Deletes the oldest files where the next one needs their room. */
  private freeStorage({ reserved }: Download): boolean {
    const { maxBytes } = this.options.settings();
    const held = [...this.downloads.values()].filter(({ state }) => state === "done" || state === "running");
    let used = held.reduce((sum, download) => sum + download.reserved, 0);
    const done = held.filter(({ state }) => state === "done").sort((a, b) => a.changedAt - b.changedAt);
    for (const oldest of done) {
      if (used + reserved <= maxBytes) return true;
      used -= oldest.reserved;
      void this.drop(oldest).catch(() => {});
    }
    return used + reserved <= maxBytes;
  }

  /** Forgets it, with its program and its file. */
  private async drop(download: Download): Promise<void> {
    const { state, worker } = download;
    this.downloads.delete(download.id);
    this.waiting.remove(download.id);
    if (state === "running" && worker !== null) await this.options.stop(worker, attemptOf(download));
    // One that was running may have become whole meanwhile.
    if (state === "done" || state === "running") await this.options.remove(nameOf(download));
  }

  private viewOf(download: Download): DownloadState {
    const { id, state, share, order, changedAt } = download;
    const of = { id, recording: order.recording, owner: order.owner };
    const ms = this.options.clock.monotonic() - changedAt;
    if (state === "waiting") return { ...of, state, ahead: this.aheadOf(download) };
    if (state === "failed") return { ...of, state, problem: download.problem };
    if (state === "done") {
      const keptSeconds = Math.max(0, Math.round((this.options.settings().keepMs - ms) / 1000));
      return { ...of, state, bytes: download.bytes, keptSeconds };
    }
    // The first seconds, which load the program, say little.
    const remainingSeconds = share > 0 && ms > 2000 ? Math.ceil(((ms / 1000) * (1 - share)) / share) : null;
    return { ...of, state, share, remainingSeconds };
  }

  /** Those that run, and those of all schools that came before. Schools take turns, so it may be fewer in truth. */
  private aheadOf(download: Download): number {
    const before = [...this.downloads.values()].filter(
      ({ id, state, changedAt }) => id !== download.id && state === "waiting" && changedAt <= download.changedAt,
    );
    return this.running().length + before.length;
  }
}

function isOpen({ state }: Pick<Download, "state">): boolean {
  return state === "waiting" || state === "running";
}

function attemptOf(download: Download): DownloadAttempt {
  return { ...nameOf(download), attempt: download.tries };
}

function nameOf({ id, order: { recording } }: Download): DownloadName {
  return { id, recording };
}
