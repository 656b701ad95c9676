/** Provides the rooms of a control process: claims and opens them, answers media workers, and passes on what another process's rooms are asked. */

import type { RoomAction, RoomPerson, RoomPosition } from "@lectern/room";
import type {
  ActionResult,
  HeardCaption,
  RoomAnswer,
  RoomContent,
  RoomRequest,
  RoomUpdate,
  RoomVisit,
} from "../../contracts/rooms/room-requests.ts";
import type { Logger } from "../../platform/log.ts";
import type { Database, Lesson } from "../foundation/store/tables.ts";
import { activeLessons } from "../lessons/lesson-by-code.ts";
import { TermLost } from "./commit-group.ts";
import type { Domain, RoomHandle } from "./domain.ts";
import { claimRoom, releaseRoom } from "./entry-store.ts";
import { mayObserver } from "./observer-actions.ts";
import { RoomOwner } from "./room-owner.ts";
import { RoomPeople } from "./room-people.ts";

/** Who is in a room, by the reports of media workers. */
export type RoomPresence = {
  /** @param visits all who are there, and those who left since the last report. @param worker `NODE/WORKER` */
  readonly report: (worker: string, visits: readonly RoomVisit[]) => void | Promise<void>;
  readonly people: () => ReadonlySet<string>;
  /** Everybody who was at the worker may come back elsewhere. */
  readonly workerGone?: (worker: string, at: number) => void;
  /** Stores what is known. */
  readonly close: () => Promise<void>;
};

/** What API routes ask of rooms. */
export type RoomService = {
  /** @throws Error where no control process can do it now */
  readonly action: (lessonId: string, person: RoomPerson, action: RoomAction) => Promise<ActionResult>;
  readonly content: (lessonId: string) => Promise<RoomContent>;
  /** Writes captions as the server. @throws Error where no control process can do it now */
  readonly captions: (lessonId: string, captions: readonly HeardCaption[]) => Promise<readonly ActionResult[]>;
};

export type RoomLinks = {
  /** `NODE/INSTANCE` of this process. */
  readonly self: string;
  readonly isNodeUp: (node: string) => boolean;
  /** Asks the control process of another node. */
  readonly askAt: (node: string, request: RoomRequest) => Promise<RoomAnswer>;
  /** Tells all media workers of all nodes. */
  readonly onUpdate: (update: RoomUpdate) => void;
};

export type RoomsOptions = {
  readonly db: Database;
  readonly log: Logger;
  readonly links: RoomLinks;
  readonly domains: readonly Domain[];
  readonly openPresence: (lesson: Lesson, handle: RoomHandle, people: RoomPeople) => Promise<RoomPresence>;
  readonly onDeliveriesQueued: () => void;
  readonly onCommitted: (milliseconds: number, actions: number) => void;
  readonly now: () => number;
};

type Open = { readonly owner: RoomOwner; readonly people: RoomPeople; readonly presence: RoomPresence; usedAt: number };
type FoundRoom = Open | { readonly elsewhere: string } | { readonly refused: "no-such-lesson" };

/** Which other node has a room is asked again after this long. */
const ELSEWHERE_MS = 1000;
/** A room without people and actions is given back after this long: small lessons come and go by the minute, and each has a room. */
const IDLE_MS = 120_000;
const SWEEP_MS = 30_000;
const CAPTION_KIND = "caption";

export class Rooms implements RoomService {
  private readonly options: RoomsOptions;
  private readonly domains: ReadonlyMap<string, Domain>;
  private readonly rooms = new Map<string, Promise<FoundRoom>>();
  private readonly open = new Map<string, Open>();
  private readonly timer: NodeJS.Timeout;
  private closed = false;

  constructor(options: RoomsOptions) {
    this.options = options;
    this.domains = new Map(options.domains.map((domain) => [domain.kind, domain]));
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  /** Answers a media worker, or the control process of another node. */
  readonly request = async (request: RoomRequest): Promise<RoomAnswer> => {
    let found = await this.find(request.room);
    if ("elsewhere" in found && !this.options.links.isNodeUp(found.elsewhere)) {
      this.rooms.delete(request.room);
      found = await this.find(request.room);
    }
    if ("elsewhere" in found) return { kind: "elsewhere", node: found.elsewhere };
    if ("refused" in found) return { kind: "refused", code: found.refused };
    found.usedAt = performance.now();
    try {
      return await this.answer(found, request);
    } catch (error) {
      if (error instanceof TermLost) await this.drop(request.room, found);
      throw error;
    }
  };

  async action(lessonId: string, person: RoomPerson, action: RoomAction): Promise<ActionResult> {
    const answer = await this.ask({ kind: "action", room: lessonId, person, action });
    if (answer.kind === "refused") return { refused: answer.code, detail: null, retryAfter: null };
    const result = answer.kind === "send" ? answer.results[0] : undefined;
    if (!result) throw new Error(`unexpected answer of a room: ${answer.kind}`);
    return result;
  }

  async captions(lessonId: string, captions: readonly HeardCaption[]): Promise<readonly ActionResult[]> {
    const answer = await this.ask({ kind: "captions", room: lessonId, captions });
    if (answer.kind !== "send") throw new Error(`unexpected answer of a room: ${answer.kind}`);
    return answer.results;
  }

  async content(lessonId: string, after: RoomPosition | null = null): Promise<RoomContent> {
    const answer = await this.ask({ kind: "read", room: lessonId, after });
    if (answer.kind !== "read") throw new Error(`unexpected answer of a room: ${answer.kind}`);
    return answer.content;
  }

  /** Those who are in a room that this process owns; empty elsewhere. */
  people(lessonId: string): ReadonlySet<string> {
    return this.open.get(lessonId)?.presence.people() ?? new Set();
  }

  /** A media worker, `NODE/WORKER`, has died. @param at milliseconds since 1970 */
  workerGone(worker: string, at: number): void {
    for (const { presence } of this.open.values()) presence.workerGone?.(worker, at);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    for (const [room, open] of [...this.open]) await this.giveBack(room, open);
  }

  private async ask(request: RoomRequest): Promise<RoomAnswer> {
    const answer = await this.request(request);
    return answer.kind === "elsewhere" ? await this.options.links.askAt(answer.node, request) : answer;
  }

  private async answer({ owner, people, presence }: Open, request: RoomRequest): Promise<RoomAnswer> {
    switch (request.kind) {
      case "enter":
        return { kind: "enter", people: await people.find(request.participants) };
      case "send": {
        const senders = await people.find(request.actions.map(({ participant }) => participant));
        const results = request.actions.map(async ({ participant: _, wait = 0, ...action }, i): Promise<ActionResult> => {
          const sender = senders[i];
          if (!sender) return { refused: "removed-from-lesson", detail: null, retryAfter: null };
          if (sender.watches && !mayObserver(sender, action)) return { refused: "refused-by-rule", detail: null, retryAfter: null };
          return await owner.send(sender, action, wait);
        });
        return { kind: "send", results: await Promise.all(results) };
      }
      case "action":
        return { kind: "send", results: [await owner.send(request.person, request.action)] };
      case "captions": {
        const heard = request.captions.map(({ id, caption }) => ({
          id,
          kind: CAPTION_KIND,
          mediaTime: caption.start,
          body: caption,
        }));
        return { kind: "send", results: await Promise.all(heard.map((action) => owner.send(null, action))) };
      }
      case "read":
        return { kind: "read", content: owner.content(request.after, request.recent) };
      case "older":
        return { kind: "older", entries: await owner.older(request.epoch, request.before) };
      case "page": {
        const page = await owner.page(request.page);
        return page ? { kind: "page", ...page } : { kind: "refused", code: "not-found" };
      }
      case "visits":
        await presence.report(request.worker, request.visits);
        return { kind: "visits" };
    }
  }

  private find(room: string): Promise<FoundRoom> {
    if (this.closed) return Promise.reject(new TermLost());
    const known = this.rooms.get(room);
    if (known) return known;
    const found = this.claim(room);
    this.rooms.set(room, found);
    found.then(
      (result) => {
        if ("owner" in result) return;
        const forget = () => this.rooms.get(room) === found && this.rooms.delete(room);
        setTimeout(forget, ELSEWHERE_MS).unref();
      },
      () => this.rooms.delete(room),
    );
    return found;
  }

  private async claim(room: string): Promise<FoundRoom> {
    const { db, log, links, openPresence, onDeliveriesQueued, onCommitted, now } = this.options;
    const lesson = await activeLessons(db).where("lessons.id", "=", room).executeTakeFirst();
    if (!lesson) return { refused: "no-such-lesson" };
    const claim = await claimRoom(db, room, links.self, (owner) => this.isAlive(owner));
    if ("owner" in claim) return { elsewhere: nodeOfOwner(claim.owner) };
    const people = new RoomPeople(db, lesson, now);
    let presence: RoomPresence | null = null;
    const nobody: ReadonlySet<string> = new Set();
    const owner = await RoomOwner.open({
      db,
      log,
      domains: this.domains,
      self: links.self,
      term: claim.mine,
      now,
      onDeliveriesQueued,
      onCommitted,
      lesson: { id: room, schoolId: lesson.school_id, title: lesson.title },
      people: () => presence?.people() ?? nobody,
      onUpdate: links.onUpdate,
    });
    presence = await openPresence(lesson, owner.handle, people);
    const open = { owner, people, presence, usedAt: performance.now() };
    this.open.set(room, open);
    return open;
  }

  private isAlive(owner: string): boolean {
    const { self, isNodeUp } = this.options.links;
    // A node has one control process at a time: an earlier one is gone.
    return nodeOfOwner(owner) !== nodeOfOwner(self) && isNodeUp(nodeOfOwner(owner));
  }

  private async sweep(): Promise<void> {
    const now = performance.now();
    for (const [room, open] of [...this.open]) {
      if (open.owner.isLost) await this.drop(room, open);
      else if (open.presence.people().size === 0 && now - open.usedAt > IDLE_MS && open.owner.isIdle)
        await this.giveBack(room, open);
    }
  }

  private async giveBack(room: string, open: Open): Promise<void> {
    await this.drop(room, open);
    // Without an answer of the database, the next owner waits until this node is gone.
    await releaseRoom(this.options.db, room, this.options.links.self).catch(() => {});
  }

  private async drop(room: string, open: Open): Promise<void> {
    if (this.open.get(room) !== open) return;
    this.open.delete(room);
    this.rooms.delete(room);
    await open.owner.close();
    await open.presence.close();
  }
}

function nodeOfOwner(owner: string): string {
  return owner.slice(0, owner.lastIndexOf("/"));
}
