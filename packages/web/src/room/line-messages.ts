/** Defines what a page, the worker that keeps its line to a room, and a worker that sends by itself tell each other. */

import type { Action, Frame } from "@lectern/room";
import type { Done, PendingAction } from "./outbox.ts";
import type { RoomStatus } from "./room-connection.ts";
import type { RoomErrorFields } from "./room-error.ts";

export type ToLine =
  /** `language`: of the page. */
  | { readonly kind: "open"; readonly address: string; readonly language: string }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "retry"; readonly isOtherNetwork: boolean }
  | ({ readonly kind: "send" } & NumberedAction)
  /** Of another worker, which sends `NumberedAction`s and hears `ToPort`. */
  | { readonly kind: "port"; readonly port: MessagePort }
  | { readonly kind: "close" };

export type FromLine =
  /** The first that is told. */
  | { readonly kind: "ready" }
  /** In their order. Each follows what the page has. */
  | { readonly kind: "frames"; readonly frames: readonly Frame[] }
  | { readonly kind: "status"; readonly status: RoomStatus; readonly failure: RoomErrorFields | null }
  | { readonly kind: "pending"; readonly pending: readonly PendingAction[] }
  | Outcome;

/** `number`: another one each time, of the sender's making. */
export type NumberedAction = { readonly number: number; readonly action: Action };

export type Outcome =
  | { readonly kind: "done"; readonly number: number; readonly done: Done }
  | { readonly kind: "refused"; readonly number: number; readonly error: RoomErrorFields };

export type ToPort = Outcome | { readonly kind: "open"; readonly isOpen: boolean };
