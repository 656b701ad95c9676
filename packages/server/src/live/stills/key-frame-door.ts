/**
 * Serves the newest key frame of a candidate's stream as it is, `/APP/NAME.frame`, which a page decodes by WebCodecs, and as an MP4 of one frame, `/APP/NAME.frame.mp4`, with the
 * permission that watching needs. A wall of many pictures costs the server next to nothing so: a JPEG of each is a process of its own.
 */
import type { Check } from "../../access/access.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { isExamStream } from "../../access/policies/stream-policy.ts";
import { hasTag } from "../../platform/entity-tag.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { clientFactsOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { answerOtherMethod, OPEN_TO_ALL, sendRefusal } from "../http/responses.ts";
import { liveText } from "../live-texts.ts";
import { SOURCE_PATTERN } from "../stream-name.ts";
import { FrameReader, type Log, type Streams } from "../streams/index.ts";
import { singleFrameMp4 } from "./key-frame.ts";

export type KeyFrameDoorOptions = {
  readonly streams: Streams;
  readonly check: Check;
  readonly apps: () => readonly string[];
};

export type KeyFrameAddress = { readonly app: string; readonly name: string; readonly isMp4: boolean };
type RawFrame = {
  readonly tag: string;
  /** For `VideoDecoder.configure` (WebCodecs, section 4). */
  readonly codec: string;
  readonly description: Buffer;
  readonly payload: Uint8Array;
  readonly mp4: Buffer;
};

const ADDRESS = new RegExp(`^/([A-Za-z0-9_-]{1,64})/(${SOURCE_PATTERN})\\.frame(\\.mp4)?$`);
/** The reader begins at the newest key frame. */
const NEWEST_VIDEO = { video: true, audio: false, maxBehindMs: 0 } as const;

export class KeyFrameDoor implements Door<KeyFrameAddress> {
  readonly name = "key-frames";
  private readonly options: KeyFrameDoorOptions;

  constructor(options: KeyFrameDoorOptions) {
    this.options = options;
  }

  match({ address }: MediaRequest): KeyFrameAddress | null {
    const [, app, name, mp4] = ADDRESS.exec(address.path) ?? [];
    // Other streams may be shown with a watermark, which a frame has not.
    if (!app || !name || !isExamStream(name) || !this.options.apps().includes(app)) return null;
    return { app, name, isMp4: mp4 !== undefined };
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: MediaRequest, response: MediaResponse, address: KeyFrameAddress): void {
    if (request.method !== "GET" && request.method !== "HEAD") answerOtherMethod(request, response);
    else this.serve(request, response, address).catch(() => sendRefusal(request, response, new Refusal("control-away").after(3)));
  }

  close(): void {}

  private async serve(request: MediaRequest, response: MediaResponse, { app, name, isMp4 }: KeyFrameAddress): Promise<void> {
    const refusal = await this.options.check({
      action: "play",
      protocol: "still",
      app,
      name,
      client: clientFactsOf(request),
      credentials: credentialsOf(request.address.query, undefined, request.address.signedPrefix),
    });
    if (refusal) return sendRefusal(request, response, refusal);
    const stream = this.options.streams.find(app, name);
    if (!stream) return sendRefusal(request, response, new Refusal("no-such-stream"));
    const frame = newestFrame(stream.log);
    // This process has only just begun to copy the stream, or its publisher has only just begun.
    if (frame === null) return sendRefusal(request, response, new Refusal("not-yet", liveText("no-video")).after(1));
    if (frame === "no-mp4") return sendRefusal(request, response, new Refusal("not-found", liveText("no-video")));
    const etag = `"${stream.epoch}.${frame.tag}"`;
    const headers = {
      etag,
      "cache-control": "private, no-cache",
      "x-codec": frame.codec,
      ...(frame.description.length > 0 ? { "x-description": frame.description.toString("base64") } : {}),
      ...OPEN_TO_ALL,
      "access-control-expose-headers": "etag, x-codec, x-description",
    };
    if (hasTag(String(request.headers["if-none-match"] ?? ""), etag)) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
    const body = isMp4 ? frame.mp4 : frame.payload;
    const type = isMp4 ? "video/mp4" : "application/octet-stream";
    response.writeHead(200, { ...headers, "content-type": type, "content-length": String(body.length) });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}

/** Null: there is none yet. no-mp4: of a codec that no page decodes. */
function newestFrame(log: Log): RawFrame | "no-mp4" | null {
  const reader = new FrameReader(log, NEWEST_VIDEO);
  let newest: RawFrame | "no-mp4" | null = null;
  reader.read((frame, context) => {
    const { video } = context;
    const mp4 = singleFrameMp4(context, frame);
    if (!mp4 || !video?.format) newest = "no-mp4";
    else {
      const { term, sequence, payload } = frame;
      newest = { tag: `${term}.${sequence}`, codec: video.format.codecString, description: Buffer.from(video.data), payload, mp4 };
    }
  }, 1);
  reader.close();
  return newest;
}
