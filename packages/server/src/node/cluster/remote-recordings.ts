/**
 * What another node has of the past: streams that were recorded there, and recordings. Requests for it are passed on; files that never change
 * are fetched once, whoever asks for them here, and kept in memory as far as there is room.
 */
import { type Agent, get } from "node:http";
import { RECORDINGS } from "../../access/access.ts";
import type { RecordingInfo } from "../../access/policies/recording-info.ts";
import { type HttpResponse, IMMUTABLE, OPEN_TO_ALL, sendRefusal } from "../../live/http/answer.ts";
import { Refusal } from "../../platform/refusal.ts";
import { CLIENT_ADDRESS, ControlAgent, type Forwarder } from "../web/forwarder.ts";
import type { AnyRequest, AnyResponse } from "../web/web-server.ts";
import type { NodeDoor } from "./node-door.ts";

/** A segment or an initialisation segment of a live stream. */
type StoredFile = { readonly app: string; readonly name: string; readonly epoch: string } & (
  | { readonly file: string }
  | { readonly term: number; readonly msn: number }
);

/** A file, or why it cannot be had. */
type Fetched = { readonly status: number; readonly type: string; readonly bytes: Buffer };

/** Segments, initialisation segments and pictures below an unguessable name. */
const LASTING = /^\/[^?]+\/[A-Za-z0-9_-]{12}\/[^/?]+\.(?:m4s|mp4|jpg)$/;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_FILE_BYTES = 32 * 1024 * 1024;
const WITHIN_MS = 10_000;

export type RemoteRecordingsOptions = {
  readonly door: NodeDoor;
  readonly forwarder: Forwarder;
  /** This node. */
  readonly self: string;
  /** The node where a stream is recorded; null: it is not live. */
  readonly keeperOf: (app: string, name: string) => string | null;
  /** The stream of which an address wants what was. */
  readonly streamOf: (url: string) => { readonly app: string; readonly name: string } | null;
  /** The recording that an address is of. */
  readonly recordingOf: (url: string) => string | null;
  readonly ruleOf: (id: string) => Promise<RecordingInfo | Refusal>;
  /** Answers with a recording that is here. */
  readonly replay: (request: AnyRequest, response: AnyResponse) => void;
  /** Of what is kept. Default 64 MiB. */
  readonly mostBytes?: number;
};

export class RemoteRecordings {
  private readonly options: RemoteRecordingsOptions;
  private readonly mostBytes: number;
  private readonly kept = new Map<string, Fetched>();
  private readonly fetching = new Map<string, Promise<Fetched>>();
  private readonly agents = new Map<string, Agent>();
  private bytes = 0;

  constructor(options: RemoteRecordingsOptions) {
    this.options = options;
    this.mostBytes = options.mostBytes ?? MOST_BYTES;
  }

  /** Takes a request if it is for what another node has. False when it is for this one. */
  handle(request: AnyRequest, response: AnyResponse, ip: string, secure: boolean): boolean {
    const { door, streamOf, recordingOf, ruleOf, replay } = this.options;
    // What one node passes on is not passed on again.
    if (door.isAlone || door.isNode(request.socket)) return false;
    const url = request.url ?? "";
    const stream = streamOf(url);
    const keeper = stream && this.keeper(stream.app, stream.name);
    if (keeper) {
      this.pass(keeper, request, response, ip, secure);
      return true;
    }
    const recording = recordingOf(url);
    if (recording === null) return false;
    void ruleOf(recording).then((rule) => {
      const node = rule instanceof Refusal ? null : this.known(rule.node ?? door.control);
      if (node === null) replay(request, response);
      else this.pass(node, request, response, ip, secure);
    });
    return true;
  }

  /** A file of a live stream that another node keeps; null when it does not have it, undefined when this node would. */
  async stored(file: StoredFile): Promise<Buffer | null | undefined> {
    const { app, name, epoch } = file;
    const node = this.keeper(app, name);
    if (node === null) return undefined;
    const last = "file" in file ? file.file : `${file.term}-${file.msn}.m4s`;
    const { status, bytes } = await this.fetch(node, `/${app}/${name}/${epoch}/${last}`);
    return status === 200 ? bytes : null;
  }

  /**
   * Fetches the beginning of a recording before somebody asks for it here. Gives how many seconds of it are there; null when the files are
   * at this node.
   */
  async prefetch({ id, epoch, node: of }: RecordingInfo, seconds: number): Promise<number | null> {
    const node = this.known(of ?? this.options.door.control);
    if (node === null) return null;
    const address = `/${RECORDINGS}/${id}/${epoch}/index.m3u8`;
    const { status, bytes } = await this.ask(node, address);
    let there = 0;
    let duration = 0;
    for (const line of status === 200 ? bytes.toString().split("\n") : []) {
      duration = Number(/^#EXTINF:([\d.]+)/.exec(line)?.[1] ?? duration);
      const file = /^#EXT-X-MAP:URI="([^"]+)"/.exec(line)?.[1] ?? (/^[^#]/.test(line) ? line : null);
      if (file === null) continue;
      const fetched = await this.fetch(node, new URL(file, `http://localhost${address}`).pathname);
      if (fetched.status !== 200) break;
      if (file === line) there += duration;
      if (there >= seconds) break;
    }
    return there;
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private keeper(app: string, name: string): string | null {
    return this.known(this.options.keeperOf(app, name));
  }

  /** Another node that is there; null otherwise. */
  private known(node: string | null): string | null {
    return node !== null && node !== this.options.self && this.options.door.knows(node) ? node : null;
  }

  private pass(node: string, request: AnyRequest, response: AnyResponse, ip: string, secure: boolean): void {
    const { forwarder, door } = this.options;
    const path = request.url ?? "/";
    if (request.method !== "GET" || !LASTING.test(path)) {
      forwarder.pass(request, response, ip, secure, door.toMedia(node));
      return;
    }
    this.fetch(node, path).then(
      (fetched) => send(response, fetched),
      () => sendRefusal(request, response, new Refusal("storage-away")),
    );
  }

  private fetch(node: string, path: string): Promise<Fetched> {
    const known = this.kept.get(path);
    if (known) {
      // The newest stand last.
      this.kept.delete(path);
      this.kept.set(path, known);
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
    this.kept.set(path, fetched);
    this.bytes += fetched.bytes.length;
    for (const [oldest, { bytes }] of this.kept) {
      if (this.bytes <= this.mostBytes) break;
      this.kept.delete(oldest);
      this.bytes -= bytes.length;
    }
  }

  private ask(node: string, path: string): Promise<Fetched> {
    const way = this.options.door.toMedia(node);
    const agent = this.agents.get(way.name) ?? new ControlAgent(way);
    this.agents.set(way.name, agent);
    return new Promise((resolve, reject) => {
      const asked = get({ agent, path, headers: { [CLIENT_ADDRESS]: "" }, timeout: WITHIN_MS }, (answer) => {
        const pieces: Buffer[] = [];
        let length = 0;
        answer.on("data", (piece: Buffer) => {
          pieces.push(piece);
          length += piece.length;
          if (length > MOST_FILE_BYTES) asked.destroy(new Error("larger than any file of a stream"));
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
      asked.on("timeout", () => asked.destroy(new Error("the other node does not answer")));
      asked.on("error", reject);
    });
  }
}

function send(response: HttpResponse, { status, type, bytes }: Fetched): void {
  const cache = status === 200 ? IMMUTABLE : "no-store";
  response.writeHead(status, { "content-type": type, "cache-control": cache, "content-length": bytes.length, ...OPEN_TO_ALL });
  response.end(bytes);
}
