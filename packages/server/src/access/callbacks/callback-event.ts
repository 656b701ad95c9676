/** Defines the events that callbacks report: clients that connect, publish or watch, and recorded files. */

export type CallbackAction = "connect" | "publish" | "play";

/** A client that wants to connect, to publish or to watch. */
export type CallbackEvent = {
  readonly action: CallbackAction;
  /** The same from the connection to its end. */
  readonly clientId: string;
  /** Of this action alone: an RTMP connection may play twice. */
  readonly session: string;
  readonly protocol: string;
  readonly app: string;
  /** The stream's name; empty for `connect`. */
  readonly name: string;
  readonly ip: string;
  /** The query of the address, with its `?`. */
  readonly param: string;
  readonly tcUrl: string;
  readonly pageUrl: string;
};

/** A closed file of a recording. */
export type RecordedFile = {
  readonly app: string;
  readonly name: string;
  /** The server's working directory, and the file's absolute path. */
  readonly cwd: string;
  readonly file: string;
  readonly seconds: number;
};

/** The callback before admission, and the report after the client has left, by the names of SRS. */
export const ASKED = { connect: "on_connect", publish: "on_publish", play: "on_play" } as const;
export const REPORTED = { connect: "on_close", publish: "on_unpublish", play: "on_stop" } as const;

/** A client callback by the name that SRS gives it. */
export type CallbackName = (typeof ASKED)[CallbackAction] | (typeof REPORTED)[CallbackAction];
