/**
 * Answers requests for streams and recordings that another node has recorded. This node decides who may watch, and issues the viewers' sessions;
 * between nodes, addresses have none. Requests are proxied to the other node; immutable files are fetched once for all clients here, and cached
 * in memory.
 */
import type { Agent, IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { AccessControl } from "../../access/access.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import type { RecordingInfo } from "../../access/policies/recording-info.ts";
import { RECORDINGS, type RecordingAccess } from "../../access/recording-access.ts";
import type { SeatUse } from "../../access/seats/viewer-seats.ts";
import type { ViewerFiles } from "../../access/viewer-files.ts";
import { parseSpans, type RoomSpan } from "../../contracts/rooms/room-replay.ts";
import type { RecordingAddress } from "../../library/replay/door.ts";
import type { TimeShiftAddress } from "../../library/replay/time-shift-door.ts";
import type { Door } from "../../live/http/door.ts";
import { clientFactsOf, type MediaRequest, type MediaResponse } from "../../live/http/media-request.ts";
import { type HttpResponse, IMMUTABLE, OPEN_TO_ALL, sendRefusal } from "../../live/http/responses.ts";
import { get } from "../../platform/node-http.ts";
import { Refusal } from "../../platform/refusal.ts";
import { ControlAgent, type Forwarder } from "../web/forwarder.ts";
import { CLIENT_ADDRESS, proxiedHeaders } from "../web/proxied-headers.ts";
import type { PeerConnections } from "./peer-connections.ts";

/** A segment or an initialisation segment of a live stream. */
type StoredFile = { readonly app: string; readonly name: string; readonly epoch: string } & (
  | { readonly file: string }
  | { readonly term: number; readonly msn: number }
);

/** The other node's answer. */
type Fetched = {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
  /** What a viewer is told besides. */
  readonly headers: Readonly<Record<string, string>>;
};

/** Segments, initialisation segments and preview images below an unguessable epoch. */
const IMMUTABLE_PATH = /^\/[^?]+\/[A-Za-z0-9_-]{12}\/[^/?]+\.(?:m4s|mp4|jpg)$/;
/** The folder at the beginning of a playlist's address: the stream or recording, and its epoch. Subtitles are in the same folder. */
const FIRST_FOLDER = /^([A-Za-z0-9_~-]+(?:@[a-z0-9-]+)?)\/([A-Za-z0-9_-]{12})\//m;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const ANSWER_WITHIN_MS = 10_000;

export type RemoteRecordingsOptions = {
  readonly peers: PeerConnections;
  readonly forwarder: Forwarder;
  /** This node. */
  readonly self: string;
  /** The node that records a stream; null: the stream is not live. */
  readonly recorderNodeOf: (app: string, name: string) => string | null;
  /** What a request for time-shift asks for; null: the request is another one. */
  readonly streamOf: (request: MediaRequest) => TimeShiftAddress | null;
  /** What a request for a recording asks for; null: the request is another one. */
  readonly recordingOf: (request: MediaRequest) => OfRecording | null;
  readonly infoOf: (id: string) => Promise<RecordingInfo | Refusal>;
  /** Answers a request for a recording whose files are at this node. */
  readonly replay: (request: MediaRequest, response: MediaResponse) => void;
  /** Asks the access rules, and for a seat, for a viewer of this node. */
  readonly askSession: AccessControl["askSession"];
  readonly askRecordingSession: RecordingAccess["askSession"];
  readonly files: ViewerFiles;
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
};

type OfRecording = Exclude<RecordingAddress, { readonly kind: "unknown" }>;
type Target = { readonly node: string; readonly shift: TimeShiftAddress } | { readonly recording: OfRecording };
/** The folder of the files that a playlist names first, with the session of a viewer. */
type FolderOf = (name: string, epoch: string) => string;

export class RemoteRecordings implements Door<Target> {
  readonly name = "remote-recordings";
  private readonly options: RemoteRecordingsOptions;
  private readonly cache = new Map<string, Fetched>();
  private readonly fetching = new Map<string, Promise<Fetched>>();
  private readonly agents = new Map<string, Agent>();
  private bytes = 0;

  constructor(options: RemoteRecordingsOptions) {
    this.options = options;
  }

  match(request: MediaRequest): Target | null {
    const { peers, streamOf, recordingOf } = this.options;
    // A request is proxied between nodes once.
    if (peers.isAlone || request.client.isFromNode) return null;
    const stream = streamOf(request);
    const node = stream && this.recorderNode(stream.app, stream.name);
    if (node) return { node, shift: stream };
    const recording = recordingOf(request);
    return recording === null || recording.kind === "permission" ? null : { recording };
  }

  handle(request: MediaRequest, response: MediaResponse, target: Target): void {
    if ("node" in target) return void this.passTimeShift(target.node, request, response, target.shift);
    const { peers, infoOf, replay } = this.options;
    const { recording } = target;
    void infoOf(recording.id).then((info) => {
      const node = info instanceof Refusal ? null : this.nodeFor(recording, info.node ?? peers.control);
      if (node === null || info instanceof Refusal) replay(request, response);
      else void this.passRecording(node, request, response, info, recording);
    });
  }

  private async passTimeShift(
    node: string,
    request: MediaRequest,
    response: MediaResponse,
    address: TimeShiftAddress,
  ): Promise<void> {
    const { app, name } = address;
    const { askSession, files } = this.options;
    const refuse = (refusal: Refusal) => this.refuse(request, response, "hls", `${app}/${name}`, refusal);
    if (address.form === "media" || address.form === "still") {
      const refused = await files.permit(address, false, clientFactsOf(request));
      if (refused) return refuse(refused);
      const file = request.address.path.split("/").at(-1);
      return this.pass(node, request, response, `/${app}/${name}/${address.epoch}/${file}`);
    }
    // The other node asks the rules and the callbacks; a client of FLV has no session.
    if (address.form === "flv" || !files.isStrict(app, name)) return this.pass(node, request, response);
    const credentials = credentialsOf(address.query, undefined, request.address.signedPrefix);
    const client = clientFactsOf(request);
    const seat = await askSession({ action: "play", protocol: "hls", app, name, client, credentials, seat: seatUseOf(request) });
    if (seat instanceof Refusal) return refuse(seat);
    await this.passPlaylist(node, request, response, (of, epoch) => files.folderOf(app, of, epoch, credentials.viewer, seat));
    seat?.leave();
  }

  private async passRecording(
    node: string,
    request: MediaRequest,
    response: MediaResponse,
    info: RecordingInfo,
    address: OfRecording,
  ): Promise<void> {
    const { askRecordingSession, files } = this.options;
    const refuse = (refusal: Refusal) => this.refuse(request, response, "vod", info.id, refusal);
    if (address.kind === "file") {
      const refused =
        (await files.permitRecording(info, address.session, false, clientFactsOf(request))) ??
        this.refuseUnencrypted(info, address.file);
      return refused ? refuse(refused) : this.pass(node, request, response, address.plain);
    }
    const isPlaylist = address.kind === "whole" && address.format === "m3u8";
    if (!isPlaylist || !files.isStrictRecording(info)) return this.pass(node, request, response);
    const credentials = credentialsOf(request.address.query, undefined, request.address.signedPrefix);
    const seat = await askRecordingSession(info, credentials, clientFactsOf(request), "hls", seatUseOf(request));
    if (seat instanceof Refusal) return refuse(seat);
    await this.passPlaylist(node, request, response, () => files.recordingFolderOf(info, credentials.viewer, seat));
    // Where the playlist has no session.
    seat?.leave();
  }

  /** The other node gives plain segments to nodes; encrypted ones have the name of their key in the address. */
  private refuseUnencrypted(info: RecordingInfo, file: (OfRecording & { readonly kind: "file" })["file"]): Refusal | null {
    const isPlain = file.kind === "segment" && file.key === null;
    return isPlain && this.options.files.recordingEncryption(info) !== null ? new Refusal("not-found") : null;
  }

  private refuse(request: MediaRequest, response: MediaResponse, protocol: string, what: string, refusal: Refusal): void {
    this.options.refused("play", protocol, what, request.ip, refusal);
    sendRefusal(request, response, refusal);
  }

  /** A file of a live stream from the node that records it: null when that node does not have it, undefined when this node records it. */
  async stored(file: StoredFile): Promise<Buffer | null | undefined> {
    const { app, name, epoch } = file;
    const node = this.recorderNode(app, name);
    if (node === null) return undefined;
    const last = "file" in file ? file.file : `${file.term}-${file.msn}.m4s`;
    const { status, bytes } = await this.fetch(node, `/${app}/${name}/${epoch}/${last}`);
    return status === 200 ? bytes : null;
  }

  /**
   * Fetches the beginning of a recording before a viewer asks for it here.
   * @returns the seconds that are cached; null when this node has the files
   */
  async prefetch({ id, epoch, node: of }: RecordingInfo, seconds: number): Promise<number | null> {
    const node = this.reachable(of ?? this.options.peers.control);
    if (node === null) return null;
    const address = `/${RECORDINGS}/${id}/${epoch}/index.m3u8`;
    const { status, bytes } = await this.ask(node, address);
    let cached = 0;
    let duration = 0;
    for (const line of status === 200 ? bytes.toString().split("\n") : []) {
      duration = Number(/^#EXTINF:([\d.]+)/.exec(line)?.[1] ?? duration);
      const file = /^#EXT-X-MAP:URI="([^"]+)"/.exec(line)?.[1] ?? (/^[^#]/.test(line) ? line : null);
      if (file === null) continue;
      const fetched = await this.fetch(node, new URL(file, `http://localhost${address}`).pathname);
      if (fetched.status !== 200) break;
      if (file === line) cached += duration;
      if (cached >= seconds) break;
    }
    return cached;
  }

  /** Of what time of the clock the parts of a recording are; null when this node has the files. */
  async spans({ id, node: of }: RecordingInfo): Promise<readonly RoomSpan[] | null> {
    const node = this.reachable(of ?? this.options.peers.control);
    if (node === null) return null;
    const { status, bytes } = await this.ask(node, `/${RECORDINGS}/${id}/room/spans.json`);
    if (status !== 200) throw new Error(`another node answered ${status} for the spans of a recording`);
    return parseSpans(bytes);
  }

  /** Of a door that only nodes may ask. Fails when the node is not reachable. */
  async requestFile(node: string, address: string): Promise<{ readonly status: number; readonly bytes: Buffer }> {
    if (this.reachable(node) === null) throw new Error(`node ${node} is not reachable`);
    return await this.ask(node, address);
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private recorderNode(app: string, name: string): string | null {
    return this.reachable(this.options.recorderNodeOf(app, name));
  }

  /** What was fetched before is served without its node, which may be gone. */
  private nodeFor(recording: OfRecording, node: string | null): string | null {
    return recording.kind === "file" && this.cache.has(recording.plain) ? node : this.reachable(node);
  }

  /** The node, if it is another one and connected; else null. */
  private reachable(node: string | null): string | null {
    return node !== null && node !== this.options.self && this.options.peers.knows(node) ? node : null;
  }

  /** Proxies the multivariant playlist of a viewer who was admitted here, whose files then have the session in their addresses. */
  private passPlaylist(node: string, request: MediaRequest, response: MediaResponse, folderOf: FolderOf): Promise<void> | void {
    const { method, address } = request;
    if (method !== "GET" && method !== "HEAD") return this.pass(node, request, response);
    return this.ask(node, address.url, proxiedHeaders(request)).then(
      ({ status, type, bytes, headers }) => {
        const text = withFolder(bytes.toString(), folderOf);
        const body = Buffer.from(status === 200 ? text : bytes);
        response.writeHead(status, { ...headers, "content-type": type, "cache-control": "no-store", ...OPEN_TO_ALL });
        if (method === "HEAD") response.end();
        else response.end(body);
      },
      () => sendRefusal(request, response, new Refusal("storage-away")),
    );
  }

  private pass(node: string, request: MediaRequest, response: MediaResponse, path: string = request.address.url): void {
    const { forwarder, peers } = this.options;
    if (request.method !== "GET" || !IMMUTABLE_PATH.test(path)) {
      forwarder.pass(request, response, peers.toMedia(node), path);
      return;
    }
    this.fetch(node, path).then(
      (fetched) => send(response, fetched),
      () => sendRefusal(request, response, new Refusal("storage-away")),
    );
  }

  private fetch(node: string, path: string): Promise<Fetched> {
    const known = this.cache.get(path);
    if (known) {
      // The map is in the order of use.
      this.cache.delete(path);
      this.cache.set(path, known);
      return Promise.resolve(known);
    }
    const other = this.fetching.get(path);
    if (other) return other;
    const fetching = this.ask(node, path)
      .then((fetched) => {
        if (fetched.status === 200) this.keep(path, fetched);
        return fetched;
      })
      .finally(() => this.fetching.delete(path));
    this.fetching.set(path, fetching);
    return fetching;
  }

  private keep(path: string, fetched: Fetched): void {
    this.cache.set(path, fetched);
    this.bytes += fetched.bytes.length;
    for (const [oldest, { bytes }] of this.cache) {
      if (this.bytes <= MAX_CACHE_BYTES) break;
      this.cache.delete(oldest);
      this.bytes -= bytes.length;
    }
  }

  private ask(node: string, path: string, headers: OutgoingHttpHeaders = { [CLIENT_ADDRESS]: "" }): Promise<Fetched> {
    const route = this.options.peers.toMedia(node);
    const agent = this.agents.get(route.name) ?? new ControlAgent(route);
    this.agents.set(route.name, agent);
    return new Promise((resolve, reject) => {
      const asked = get({ agent, path, headers, timeout: ANSWER_WITHIN_MS }, (answer) => {
        const pieces: Buffer[] = [];
        let length = 0;
        answer.on("data", (piece: Buffer) => {
          pieces.push(piece);
          length += piece.length;
          if (length > MAX_FILE_BYTES) asked.destroy(new Error("the file is too large"));
        });
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 502,
            type: answer.headers["content-type"] ?? "application/octet-stream",
            bytes: Buffer.concat(pieces),
            headers: passedOn(answer.headers),
          }),
        );
      });
      asked.on("timeout", () => asked.destroy(new Error("the node does not answer")));
      asked.on("error", reject);
    });
  }
}

function withFolder(text: string, folderOf: FolderOf): string {
  const [folder = "", name = "", epoch = ""] = FIRST_FOLDER.exec(text) ?? [];
  if (folder === "") return text;
  const own = `${folderOf(name, epoch)}/`;
  return text.replace(FIRST_FOLDER, () => own).replace(`URI="${folder}`, () => `URI="${own}`);
}

function seatUseOf({ method }: MediaRequest): SeatUse {
  return method === "HEAD" ? "probe" : "take";
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const known = ["retry-after", "content-language", "vary"] as const;
  return Object.fromEntries(known.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

function send(response: HttpResponse, { status, type, bytes }: Fetched): void {
  const cache = status === 200 ? IMMUTABLE : "no-store";
  response.writeHead(status, { "content-type": type, "cache-control": cache, "content-length": bytes.length, ...OPEN_TO_ALL });
  response.end(bytes);
}
