/**
 * Lists the messages of seats: a seat is one open admission of a viewer where a rule limits viewers. The supervisor gives seats to the workers of its
 * node, and shares them with other nodes.
 */

/** What all rules of kind `viewers` that hold allow together. */
export type SeatLimits = {
  /** Of all viewers; null: any number. */
  readonly most: number | null;
  /** Of one viewer; null: any number. */
  readonly perViewer: number | null;
  readonly over: "refuse-newest" | "end-oldest";
};

export type SeatRequest = {
  /** Chosen by the worker; a second request with the same id changes the limits of the seat. */
  readonly id: string;
  /** `APP/NAME` of a stream, `vod/ID` of a recording. */
  readonly of: string;
  /** A hash that names the person or the link; null where the client has neither. */
  readonly viewer: string | null;
  /** A hash of the address and the program of the client. */
  readonly device: string;
  readonly limits: SeatLimits;
  /** The limits of rules in dry-run. */
  readonly trial: SeatLimits;
  /** Milliseconds since 1970 at which an admission began that had no seat; null: it begins now. */
  readonly since: number | null;
  /** Asks only whether there is a seat, and takes none. */
  readonly isProbe: boolean;
};

/** Which limit leaves no seat; null: none. */
export type SeatDenial = "most" | "perViewer" | null;
export type SeatAnswer = { readonly denied: SeatDenial; readonly trial: SeatDenial };

/** taken-over: the same device has come again. ended: another device needs the seat. */
export type SeatLoss = { readonly id: string; readonly because: "taken-over" | "ended" };

/** Answered by the supervisor. */
export type SeatMessages = {
  readonly takeSeat: (request: SeatRequest) => SeatAnswer;
  readonly leaveSeat: (of: { readonly id: string }) => void;
  /** The HLS session that a seat is for. @param isAttended the worker reports when it rests; else `viewersSeen` tells that it is in use */
  readonly nameSeat: (of: { readonly id: string; readonly session: number; readonly isAttended: boolean }) => void;
  /** A seat rests while its session asks for nothing: it gives way to any other of its viewer. */
  readonly restSeat: (of: { readonly id: string; readonly isResting: boolean }) => void;
};

/** Answered by a media worker. */
export type SeatWorkerMessages = {
  readonly seatLost: (loss: SeatLoss) => void;
  /** HLS sessions that lost their seats, by their numbers. */
  readonly sessionsEnded: (numbers: readonly number[]) => void;
};

/** A seat as nodes tell each other of it. */
export type SharedSeat = Pick<SeatRequest, "id" | "of" | "device" | "limits"> & {
  readonly viewer: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** How often it was taken over. */
  readonly turn: number;
  readonly isResting: boolean;
};

/** Changes of a node's seats since its last update. The fields are on the wire. */
export type SeatsUpdate = {
  readonly node: string;
  /** Differs between starts of a node. */
  readonly instance: string;
  /** Counts the updates to one node: a gap shows that some were lost. */
  readonly count: number;
  /** True: replaces all earlier updates. */
  readonly replaces: boolean;
  readonly seats: readonly SharedSeat[];
  /** Ids of seats that are free. */
  readonly left: readonly string[];
  /** The viewers of streams that have a limit of all, as `[APP/NAME, viewers]`. */
  readonly counts: readonly (readonly [string, number])[];
  readonly ended: readonly number[];
};

/** Between nodes: names and fields are on the wire. */
export type SeatNodeMessages = {
  readonly seats: (update: SeatsUpdate) => void;
  /** A node has missed updates, and needs all seats. */
  readonly seatsMissed: (of: { readonly node: string }) => void;
};
