/** Takes part in a lesson's room by WebSocket (docs/room-protocol.md): hears what others say and how old it is, and says something itself. */
import { readMarks } from "./sent-marks.ts";
import { codeOfClose, targetOf } from "./viewer.ts";
import { WebSocketLine } from "./websocket-line.ts";

export type MemberEvents = {
  /** The room's content has come. @param milliseconds from the connection */
  readonly onEntered: (milliseconds: number) => void;
  /** @param milliseconds how old a chat line of another member, or an own one, was when it came */
  readonly onChat: (milliseconds: number) => void;
  /** @param milliseconds from sending to the acknowledgement */
  readonly onAcknowledged: (what: string, milliseconds: number) => void;
  readonly onRefused: (what: string, code: string) => void;
  /** Called once, and not after `close`. */
  readonly onEnd: (code: string) => void;
};

const WELCOME = Buffer.from('{"you":');
const ACKS = Buffer.from('"acks"');
/** The server acknowledges within seconds, or the connection is gone. */
const MAX_UNACKNOWLEDGED = 50;

let made = 0;

export class RoomMember {
  private readonly line: WebSocketLine;
  private readonly events: MemberEvents;
  private readonly waiting = new Map<string, { readonly what: string; readonly at: number }>();
  private isIn = false;
  private isClosed = false;

  /** @param url the room's socket, with the query of a signed link */
  constructor(url: URL, events: MemberEvents) {
    this.events = events;
    const begun = performance.now();
    this.line = new WebSocketLine({
      target: targetOf(url),
      path: url.pathname + url.search,
      protocol: "lectern.room.v1",
      onOpen: () => {},
      onText: (text) => {
        if (!this.isIn && text.subarray(0, WELCOME.length).equals(WELCOME)) {
          this.isIn = true;
          events.onEntered(performance.now() - begun);
          return;
        }
        readMarks(text, "chat", events.onChat);
        if (this.waiting.size > 0 && text.includes(ACKS)) this.acknowledge(text.toString());
      },
      onClose: (reason) => {
        if (this.isClosed) return;
        this.isClosed = true;
        events.onEnd(codeOfClose(reason));
      },
    });
  }

  /** Ignored before the room's content has come, and after the end. @param fields of the kind */
  say(what: string, kind: string, fields: Readonly<Record<string, unknown>>): void {
    if (!this.isIn || this.isClosed || this.waiting.size >= MAX_UNACKNOWLEDGED) return;
    const id = `load-${process.pid}-${made++}`;
    this.waiting.set(id, { what, at: performance.now() });
    this.line.send(JSON.stringify({ id, kind, ...fields }));
  }

  close(): void {
    this.isClosed = true;
    this.line.close();
  }

  private acknowledge(text: string): void {
    const { acks } = JSON.parse(text) as { readonly acks?: readonly { readonly id: string | null; readonly code?: string }[] };
    for (const { id, code } of acks ?? []) {
      const sent = id === null ? undefined : this.waiting.get(id);
      if (id === null || !sent) continue;
      this.waiting.delete(id);
      if (code === undefined) this.events.onAcknowledged(sent.what, performance.now() - sent.at);
      else this.events.onRefused(sent.what, code);
    }
  }
}
