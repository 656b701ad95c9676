/** Provides the worker that keeps the line of a page to a room: what other workers of the page send does not pass through the page. */

import type { FromLine, NumberedAction, Outcome, ToLine, ToPort } from "./line-messages.ts";
import { PendingFrames } from "./pending-frames.ts";
import { browserEnvironment, RoomConnection } from "./room-connection.ts";
import { RoomError } from "./room-error.ts";
import { RoomStore } from "./room-store.ts";

/** For what was sent last, and to tell what has just been refused. */
const LAST_MS = 1000;

let language = "";
const environment = browserEnvironment(() => language);
/** What the page has, or is about to be told. */
const store = new RoomStore();
const held = new PendingFrames({ give: (frames) => tell({ kind: "frames", frames }), after: environment.after });
const ports = new Set<MessagePort>();
let isOpen = false;
let connection: RoomConnection | null = null;

addEventListener("message", ({ data }: MessageEvent<ToLine>) => obey(data));
tell({ kind: "ready" });

function obey(message: ToLine): void {
  switch (message.kind) {
    case "open":
      language = message.language;
      connection = connectionTo(message.address);
      return;
    case "address":
      return connection?.setAddress(message.address);
    case "retry":
      return connection?.retryNow(message.isOtherNetwork);
    case "send":
      return void send(message, tell);
    case "port":
      return listen(message.port);
    case "close":
      connection?.close();
      setTimeout(close, LAST_MS);
  }
}

function connectionTo(address: string): RoomConnection {
  return new RoomConnection(
    address,
    {
      onFrame: (frame) => {
        const isNext = store.take(frame);
        if (isNext) held.take(frame);
        return isNext;
      },
      onStatus: (status, failure) => {
        tell({ kind: "status", status, failure: failure?.fields ?? null });
        isOpen = status === "open";
        for (const port of ports) tellPort(port, { kind: "open", isOpen });
      },
      onPending: (pending) => tell({ kind: "pending", pending }),
      position: () => store.position,
    },
    environment,
  );
}

/** @param answer hears of it once */
async function send({ number, action }: NumberedAction, answer: (outcome: Outcome) => void): Promise<void> {
  try {
    if (!connection) throw new RoomError("offline");
    answer({ kind: "done", number, done: await connection.send(action) });
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    answer({ kind: "refused", number, error: error.fields });
  }
}

function listen(port: MessagePort): void {
  ports.add(port);
  port.onmessage = ({ data }: MessageEvent<NumberedAction>) => {
    held.sent();
    void send(data, (outcome) => {
      held.answered(outcome.kind === "done" ? outcome.done.seq : null);
      tellPort(port, outcome);
    });
  };
  tellPort(port, { kind: "open", isOpen });
}

function tell(message: FromLine): void {
  postMessage(message);
}

function tellPort(port: MessagePort, message: ToPort): void {
  port.postMessage(message);
}
