/**
 * Serves the rooms of lessons beside their recordings: `/vod/ID/room/index.json`, and the files that it names. The index needs the permission to
 * watch the recording; the files have the viewer's session in their addresses, as those of HLS do.
 */
import { gunzipSync } from "node:zlib";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import type { RecordingInfo, RecordingInfoCache } from "../../access/policies/recording-info.ts";
import { RECORDINGS, type RecordingAccess } from "../../access/recording-access.ts";
import type { ViewerFiles } from "../../access/viewer-files.ts";
import type { RoomReplayMessages, RoomSpan } from "../../contracts/rooms/room-replay.ts";
import type { Door } from "../../live/http/door.ts";
import { clientFactsOf, type MediaRequest as Request, type MediaResponse as Response } from "../../live/http/media-request.ts";
import { acceptsGzip, answerOtherMethod, IMMUTABLE, OPEN_TO_ALL, sendRefusal } from "../../live/http/responses.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { ReplayEvents } from "./door.ts";
import { readFailure } from "./read-failure.ts";
import { parseRoomFile, type RoomFileName, RoomFiles } from "./room-files.ts";
import { timelineSpans } from "./room-spans.ts";

export type RoomDoorOptions = {
  readonly catalog: Catalog;
  readonly rules: RecordingInfoCache;
  readonly ask: RoomReplayMessages["roomReplay"];
  readonly askSession: RecordingAccess["askSession"];
  readonly files: Pick<ViewerFiles, "permitRecording" | "recordingFolderOf">;
  /** The spans of a recording whose files another node has; null: this node has them. */
  readonly remoteSpans: (info: RecordingInfo) => Promise<readonly RoomSpan[] | null>;
  readonly events: ReplayEvents;
  readonly now: () => number;
};

export type RoomAddress = { readonly id: string; readonly session: string | null } & (
  | { readonly form: "index" }
  /** For other nodes. */
  | { readonly form: "spans" }
  | { readonly form: "file"; readonly file: RoomFileName }
);

const ADDRESS = new RegExp(`^/${RECORDINGS}/([0-9a-z]{26})/(?:s/([A-Za-z0-9_-]{40})/)?room/([^/]+)$`);
/** What the access rules call it, as for live rooms. */
const PROTOCOL = "room";

export class RoomReplayDoor implements Door<RoomAddress> {
  readonly name = "room-replay";
  private readonly options: RoomDoorOptions;
  private readonly room: RoomFiles;

  constructor(options: RoomDoorOptions) {
    this.options = options;
    this.room = new RoomFiles(options.ask, options.now);
  }

  match({ address }: Request): RoomAddress | null {
    const [, id, session = null, name] = ADDRESS.exec(address.path) ?? [];
    if (id === undefined || name === undefined) return null;
    if (name === "index.json") return { id, session, form: "index" };
    if (name === "spans.json") return { id, session, form: "spans" };
    const file = parseRoomFile(name);
    return file && { id, session, form: "file", file };
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: Request, response: Response, address: RoomAddress): void {
    if (request.method !== "GET" && request.method !== "HEAD") return answerOtherMethod(request, response);
    this.serve(request, response, address).then(
      (refusal) => refusal && this.refuse(request, response, address, refusal),
      (error: unknown) => this.refuse(request, response, address, failureOf(error)),
    );
  }

  close(): void {}

  private async serve(request: Request, response: Response, address: RoomAddress): Promise<Refusal | null> {
    const { rules, catalog } = this.options;
    const { id, session, form } = address;
    const rule = await rules.find(id);
    if (rule instanceof Refusal) return rule;
    if (form === "spans") {
      if (!request.client.isFromNode) return new Refusal("not-found");
      const spans = timelineSpans(await catalog.recording(rule.files));
      this.send(request, response, Buffer.from(JSON.stringify(spans)), "no-store");
      return null;
    }
    const folder = await this.permit(request, rule, session, form);
    if (folder instanceof Refusal) return folder;
    const { lessonId } = rule;
    if (!lessonId) return new Refusal("not-found");
    const spans = await this.spansOf(rule);
    if (form === "index") {
      const index = { files: `/${RECORDINGS}/${folder}`, ...(await this.room.index(lessonId, spans)) };
      this.send(request, response, Buffer.from(JSON.stringify(index)), "no-store");
      return null;
    }
    const bytes = await this.room.file(lessonId, spans, address.file);
    if (!bytes) return new Refusal("not-found");
    sendZipped(request, response, bytes, IMMUTABLE);
    this.options.events.sent("room", bytes.length);
    return null;
  }

  /** The folder of the files, from `/vod/`, for who may have them. */
  private async permit(
    request: Request,
    rule: RecordingInfo,
    session: string | null,
    form: RoomAddress["form"],
  ): Promise<string | Refusal> {
    const { files, askSession } = this.options;
    const client = clientFactsOf(request);
    if (session !== null || form !== "index") {
      const refused = await files.permitRecording(rule, session, request.client.isFromNode, client);
      return refused ?? (session === null ? `${rule.id}/room/` : `${rule.id}/s/${session}/room/`);
    }
    const { query, signedPrefix } = request.address;
    const credentials = credentialsOf(query, undefined, signedPrefix);
    // The picture has the viewer's seat.
    const seat = await askSession(rule, credentials, client, PROTOCOL, "none");
    if (seat instanceof Refusal) return seat;
    seat?.leave();
    return `${files.recordingFolderOf(rule, credentials.viewer).slice(0, -rule.epoch.length)}room/`;
  }

  private async spansOf(rule: RecordingInfo): Promise<readonly RoomSpan[]> {
    return (await this.options.remoteSpans(rule)) ?? timelineSpans(await this.options.catalog.recording(rule.files));
  }

  private send(request: Request, response: Response, bytes: Buffer, cacheControl: string): void {
    sendJson(request, response, bytes, { "cache-control": cacheControl });
  }

  private refuse(request: Request, response: Response, { id }: RoomAddress, refusal: Refusal): void {
    this.options.events.refused("play", RECORDINGS, id, request.ip, refusal);
    if (!response.headersSent) sendRefusal(request, response, refusal);
  }
}

/** The disk, the object storage, or the control process. */
function failureOf(error: unknown): Refusal {
  const { refusal } = readFailure(error);
  return refusal.code === "internal-error" ? new Refusal("control-away") : refusal;
}

/** @param bytes JSON, compressed with gzip */
export function sendZipped(request: Request, response: Response, bytes: Buffer, cacheControl: string): void {
  const zipped = acceptsGzip(request);
  sendJson(request, response, zipped ? bytes : gunzipSync(bytes), {
    "cache-control": cacheControl,
    vary: "accept-encoding",
    ...(zipped ? { "content-encoding": "gzip" } : {}),
  });
}

function sendJson(request: Request, response: Response, bytes: Buffer, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, { "content-type": "application/json", ...headers, ...OPEN_TO_ALL, "content-length": bytes.length });
  if (request.method === "HEAD") response.end();
  else response.end(bytes);
}
