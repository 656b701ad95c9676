/** Provides the form of the table of access: groups of rules, requests under them, and the expected answer of each. */
import type { FOREIGN_SCHEMES } from "../../packages/server/src/access/links/schemes/scheme-list.ts";

/** A header as it is sent, one line each. */
export type Header = readonly [name: string, value: string];

/** What a link is signed for: `live` and the stream's name, or `vod` and the recording's id. */
export type Target = { readonly app: string; readonly name: string };
/** A link's parameters, and what two of Aliyun's schemes put before the path. */
export type Signed = { readonly query: string; readonly prefix?: string };
export type Sign = (target: Target) => Signed;

/** Who asks, and with what. */
export type Client = {
  /** The address that a trusted proxy names. RTMP has no proxies: there, the client connects from it, where this machine has it. */
  readonly ip?: string;
  /** Connects from this address instead, past the proxy. */
  readonly from?: string;
  readonly referer?: string;
  /** Default: an empty one. */
  readonly agent?: string;
  /** Others, also several of one name. */
  readonly headers?: readonly Header[];
  readonly link?: Sign;
};

/** Doors that ask for permission. */
export const FIRST_DOORS = [
  ...(["rtmp", "flv", "ws", "hls", "rungs", "still", "shifted", "shifted-flv"] as const),
  ...(["replay", "mp4", "replay-flv"] as const),
];
/** Doors of files below a playlist, which the viewer's session opens. */
export const BELOW_DOORS = [
  ...(["playlist", "segment", "part", "initialisation", "preview"] as const),
  ...([
    "shifted-playlist",
    "shifted-segment",
    "replay-playlist",
    "replay-segment",
    "replay-initialisation",
    "replay-preview",
  ] as const),
];
/** What else a rule may concern. */
export const OTHER_DOORS = ["key", "replay-key", "permission", "embed", "publish"] as const;

export type FirstDoor = (typeof FIRST_DOORS)[number];
export type BelowDoor = (typeof BELOW_DOORS)[number];
export type Door = FirstDoor | BelowDoor | (typeof OTHER_DOORS)[number];

/** `in`, or the code of the refusal with the rule that its text is of: `refused-by-rule referers`. */
export type Answer = string;

export type Row = {
  readonly name: string;
  readonly client: Client;
  /** At the doors that ask for permission. */
  readonly expect: Answer;
  /** At files below the playlist of a viewer who was let in before; default: as `expect`. */
  readonly below?: Answer;
  /** At single doors. */
  readonly at?: Readonly<Partial<Record<Door, Answer>>>;
  /** Only these doors; default: all but `OTHER_DOORS`. */
  readonly only?: readonly Door[];
};

/** What rules name that is made before the first group: ids by their names. */
export type Made = { readonly list: (name: ListName) => string; readonly key: (scheme: keyof typeof FOREIGN_SCHEMES) => string };
/** Lists with the same entries, from each source. */
export type ListName = "uploaded" | "fetched" | "from-file";

export type Rule = Readonly<Record<string, unknown>>;

export type Group = {
  readonly name: string;
  /** Set where other groups are much the same: decided in process alone. */
  readonly isLikeOthers?: boolean;
  /** Those of the stream, to which the recording belongs too. */
  readonly rules: (made: Made) => readonly Rule[];
  /** Those of the installation. */
  readonly farther?: readonly Rule[];
  /** Somebody whom the rules let in, but for the program; default: this machine. */
  readonly allowed?: Client;
  /** Set where the rules encrypt, so that files below playlists are other ones. */
  readonly filesUnderRules?: boolean;
  /** Set where the rules let nobody in: how each is refused. */
  readonly closed?: Answer;
  /** Watches by FLV from before the rules hold until the last request of the group. */
  readonly holder?: Client;
  readonly rows: readonly Row[];
};

export const HERE = "127.0.0.1";

export const rule = (kind: string, fields: Rule = {}): Rule => ({ kind, for: "play", ...fields });

/** Rows of one expectation, named by what is in them. */
export function rowsOf(
  expect: Answer,
  clients: Readonly<Record<string, Client>>,
  more: Omit<Row, "name" | "client" | "expect"> = {},
): Row[] {
  return Object.entries(clients).map(([name, client]) => ({ name, client, expect, ...more }));
}
