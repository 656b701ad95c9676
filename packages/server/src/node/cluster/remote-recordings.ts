/**
 * Answers requests for streams and recordings that another node has recorded. Requests are proxied to that node; immutable files are fetched
 * once for all clients here, and cached in memory.
 */
import { type Agent, get } from "node:http";
import { RECORDINGS } from "../../access/access.ts";
import type { RecordingInfo } from "../../access/policies/recording-info.ts";
import type { Door } from "../../live/http/door.ts";
import type { MediaRequest, MediaResponse } from "../../live/http/media-request.ts";
import { type HttpResponse, IMMUTABLE, OPEN_TO_ALL, sendRefusal } from "../../live/http/responses.ts";
import { Refusal } from "../../platform/refusal.ts";
import { CLIENT_ADDRESS, ControlAgent, type Forwarder } from "../web/forwarder.ts";
import type { PeerConnections } from "./peer-connections.ts";

/** A segment or an initialisation segment of a live stream. */
type StoredFile = { readonly app: string; readonly name: string; readonly epoch: string } & (
  | { readonly file: string }
  | { readonly term: number; readonly msn: number }
);

/** The other node's answer. */
type Fetched = { readonly status: number; readonly type: string; readonly bytes: Buffer };

/** Segments, initialisation segments and preview images below an unguessable epoch. */
const IMMUTABLE_PATH = /^\/[^?]+\/[A-Za-z0-9_-]{12}\/[^/?]+\.(?:m4s|mp4|jpg)$/;
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
  /** The stream of a request for time-shift; null: the request is another one. */
  readonly streamOf: (request: MediaRequest) => { readonly app: string; readonly name: string } | null;
  /** The recording that a request is for; null: the request is another one. */
  readonly recordingOf: (request: MediaRequest) => string | null;
  readonly infoOf: (id: string) => Promise<RecordingInfo | Refusal>;
  /** Answers a request for a recording whose files are at this node. */
  readonly replay: (request: MediaRequest, response: MediaResponse) => void;
};

type Target = { readonly node: string } | { readonly recording: string };

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
    if (node) return { node };
    const recording = recordingOf(request);
    return recording === null ? null : { recording };
  }

  handle(request: MediaRequest, response: MediaResponse, target: Target): void {
    if ("node" in target) return this.pass(target.node, request, response);
    const { peers, infoOf, replay } = this.options;
    void infoOf(target.recording).then((info) => {
      const node = info instanceof Refusal ? null : this.reachable(info.node ?? peers.control);
      if (node === null) replay(request, response);
      else this.pass(node, request, response);
    });
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

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private recorderNode(app: string, name: string): string | null {
    return this.reachable(this.options.recorderNodeOf(app, name));
  }

  /** The node, if it is another one and connected; else null. */
  private reachable(node: string | null): string | null {
    return node !== null && node !== this.options.self && this.options.peers.knows(node) ? node : null;
  }

  private pass(node: string, request: MediaRequest, response: MediaResponse): void {
    const { forwarder, peers } = this.options;
    const path = request.address.url;
    if (request.method !== "GET" || !IMMUTABLE_PATH.test(path)) {
      forwarder.pass(request, response, peers.toMedia(node));
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

  private ask(node: string, path: string): Promise<Fetched> {
    const route = this.options.peers.toMedia(node);
    const agent = this.agents.get(route.name) ?? new ControlAgent(route);
    this.agents.set(route.name, agent);
    return new Promise((resolve, reject) => {
      const asked = get({ agent, path, headers: { [CLIENT_ADDRESS]: "" }, timeout: ANSWER_WITHIN_MS }, (answer) => {
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
          }),
        );
      });
      asked.on("timeout", () => asked.destroy(new Error("the node does not answer")));
      asked.on("error", reject);
    });
  }
}

function send(response: HttpResponse, { status, type, bytes }: Fetched): void {
  const cache = status === 200 ? IMMUTABLE : "no-store";
  response.writeHead(status, { "content-type": type, "cache-control": cache, "content-length": bytes.length, ...OPEN_TO_ALL });
  response.end(bytes);
}
