/**
 * Serves the pictures of slides, and their text for screen readers, to people in a lesson: `/api/v1/rooms/CODE/slides/MATERIAL/large-1.webp` and `…/texts`, with
 * the query of the lesson's link; to those who watch its recording below `/vod/ID/slides/`, with the query of the recording's. Each request asks for the
 * permission that the room or the recording has, and only what was opened in that lesson is there.
 */
import { RECORDINGS } from "../../access/recording-access.ts";
import { MATERIAL_FILE, type MaterialFile, type MaterialMessages } from "../../contracts/materials/material-messages.ts";
import type { Door } from "../../live/http/door.ts";
import type { MediaRequest, MediaResponse } from "../../live/http/media-request.ts";
import { answerOtherMethod, OPEN_TO_ALL, sendRefusal } from "../../live/http/responses.ts";
import { hasTag } from "../../platform/entity-tag.ts";
import { ID } from "../../platform/id.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { ReplayEvents } from "../replay/door.ts";
import type { MaterialFiles } from "./material-files.ts";

export type SlidesDoorOptions = {
  /** Whether a request may have what a room shows, and of which lesson the room is. */
  readonly permit: (code: string, request: MediaRequest) => Promise<{ readonly room: string } | Refusal>;
  /** The same of a recording. */
  readonly permitRecording: (id: string, request: MediaRequest) => Promise<{ readonly room: string } | Refusal>;
  readonly openedIn: MaterialMessages["openedMaterial"];
  readonly textsOf: MaterialMessages["openedTexts"];
  readonly files: Pick<MaterialFiles, "read">;
  readonly events: ReplayEvents;
};

type Address = {
  readonly of: "room" | "recording";
  /** The code of the lesson, or the id of the recording. */
  readonly name: string;
  readonly material: string;
  readonly shown: { readonly file: MaterialFile; readonly page: number } | "texts";
};
type Opened = Awaited<ReturnType<MaterialMessages["openedMaterial"]>>;

/** What was opened, or was not, is asked again after this: a material that is taken out of a lesson is not served for longer. */
const OPENED_MS = 3000;
const MAX_REMEMBERED = 2000;
/** A picture never changes, and belongs to who has it: no shared cache may keep it. */
const CACHE = "private, max-age=31536000, immutable";
const PROTOCOL = "slides";
const ADDRESS = new RegExp(`^/(?:api/v1/rooms/([^/]+)|${RECORDINGS}/([0-9a-z]{26}))/slides/([^/]+)/([^/]+)$`);

export class SlidesDoor implements Door<Address> {
  readonly name = "slides";
  private readonly options: SlidesDoorOptions;
  private readonly opened = new Map<string, { readonly at: number; readonly value: Promise<Opened> }>();

  constructor(options: SlidesDoorOptions) {
    this.options = options;
  }

  match({ address }: MediaRequest): Address | null {
    const [, inRoom, inRecording, material = "", file = ""] = ADDRESS.exec(address.path) ?? [];
    const name = inRoom ?? inRecording;
    if (name === undefined || !ID.test(material)) return null;
    const of = inRoom === undefined ? "recording" : "room";
    if (file === "texts") return { of, name, material, shown: "texts" };
    return isImage(file) ? { of, name, material, shown: { file, page: Number(/\d+/.exec(file)?.[0]) } } : null;
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: MediaRequest, response: MediaResponse, address: Address): void {
    if (request.method !== "GET" && request.method !== "HEAD") return answerOtherMethod(request, response);
    const refuse = (refusal: Refusal) => {
      this.options.events.refused("play", PROTOCOL, address.name, request.ip, refusal);
      sendRefusal(request, response, refusal);
    };
    this.serve(request, response, address).then(
      (refusal) => refusal && refuse(refusal),
      () => refuse(new Refusal("storage-away")),
    );
  }

  close(): void {}

  private async serve(
    request: MediaRequest,
    response: MediaResponse,
    { of, name, material, shown }: Address,
  ): Promise<Refusal | null> {
    const { permit, permitRecording } = this.options;
    const permitted = await (of === "room" ? permit : permitRecording)(name, request);
    if (permitted instanceof Refusal) return permitted;
    if (shown === "texts") return await this.serveTexts(request, response, permitted.room, material);
    const opened = await this.openedIn(permitted.room, material).catch(() => new Refusal("control-away"));
    if (opened instanceof Refusal) return opened;
    const { file, page } = shown;
    if (!opened || page > opened.pages) return new Refusal("not-found");
    const etag = `"${material}-${file}"`;
    const headers = { "cache-control": CACHE, etag, ...OPEN_TO_ALL };
    const condition = request.headers["if-none-match"];
    if (condition !== undefined && hasTag(condition, etag)) {
      response.writeHead(304, headers);
      response.end();
      return null;
    }
    const bytes = await this.options.files.read(material, file, opened.node);
    if (!bytes) return new Refusal("not-found");
    response.writeHead(200, { "content-type": "image/webp", "content-length": bytes.length, ...headers });
    if (request.method === "HEAD") response.end();
    else response.end(bytes);
    this.options.events.sent(PROTOCOL, bytes.length);
    return null;
  }

  private async serveTexts(
    request: MediaRequest,
    response: MediaResponse,
    lesson: string,
    material: string,
  ): Promise<Refusal | null> {
    const texts = await this.options.textsOf({ lesson, material }).catch(() => new Refusal("control-away"));
    if (texts instanceof Refusal) return texts;
    if (!texts) return new Refusal("not-found");
    const bytes = Buffer.from(JSON.stringify({ pages: texts }));
    const headers = { "cache-control": "private, max-age=300", "content-type": "application/json", ...OPEN_TO_ALL };
    response.writeHead(200, { ...headers, "content-length": bytes.length });
    if (request.method === "HEAD") response.end();
    else response.end(bytes);
    return null;
  }

  /** A class that turns a page asks many times at the same moment: the control process is asked once. */
  private openedIn(lesson: string, material: string): Promise<Opened> {
    const key = `${lesson} ${material}`;
    const known = this.opened.get(key);
    if (known && performance.now() - known.at < OPENED_MS) return known.value;
    const value = this.options.openedIn({ lesson, material });
    this.opened.delete(key);
    this.opened.set(key, { at: performance.now(), value });
    const oldest = this.opened.size > MAX_REMEMBERED ? this.opened.keys().next().value : undefined;
    if (oldest !== undefined) this.opened.delete(oldest);
    value.then(
      // What is not opened yet may be at the next moment.
      (opened) => opened === null && this.opened.delete(key),
      () => this.opened.delete(key),
    );
    return value;
  }
}

function isImage(name: string): name is MaterialFile {
  return name !== "original" && MATERIAL_FILE.test(name);
}
