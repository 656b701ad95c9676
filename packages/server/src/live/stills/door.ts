/** Serves still images of live streams, `/APP/NAME.jpg`, with the permission that watching needs. */
import type { Check } from "../../access/access.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { clientFactsOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { answerOtherMethod, OPEN_TO_ALL, sendRefusal } from "../http/responses.ts";
import { liveText } from "../live-texts.ts";
import { SOURCE_PATTERN } from "../stream-name.ts";
import type { Streams } from "../streams/index.ts";
import type { Decode } from "./decoder.ts";
import { Stills } from "./stills.ts";

export type StillsDoorOptions = {
  readonly streams: Streams;
  /** A still asks the access rules, but no callback: nobody starts to watch. */
  readonly check: Check;
  readonly apps: () => readonly string[];
  /** Where workers share the images that they made. */
  readonly directory: string;
  readonly decode: Decode;
  /** Whether players show a watermark over the stream. Refuses while nobody can tell. */
  readonly isMarked: (app: string, name: string) => Promise<boolean | Refusal>;
  /** Whether the server does without stills of a stream for now. */
  readonly isShed: (app: string, name: string) => boolean;
};

type StillAddress = { readonly app: string; readonly name: string };

const ADDRESS = new RegExp(`^/([A-Za-z0-9_-]{1,64})/(${SOURCE_PATTERN})\\.jpg$`);
const WIDTH = 640;
/** A picture without a mark, of a stream that players show with one, is too small to be worth passing on. */
const UNMARKED_WIDTH = 320;
/** How long a browser may show an image again, seconds. */
const CACHE_SECONDS = 3;

const STILLS_SHED = new Refusal("not-yet", liveText("stills-shed")).after(30);

export class StillsDoor implements Door<StillAddress> {
  readonly name = "stills";
  private readonly options: StillsDoorOptions;
  private readonly stills: Stills;

  constructor(options: StillsDoorOptions) {
    this.options = options;
    this.stills = new Stills(options.directory, options.decode);
  }

  match({ address }: MediaRequest): StillAddress | null {
    const [, app, name] = ADDRESS.exec(address.path) ?? [];
    return app && name && this.options.apps().includes(app) ? { app, name } : null;
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: MediaRequest, response: MediaResponse, address: StillAddress): void {
    if (request.method !== "GET" && request.method !== "HEAD") answerOtherMethod(request, response);
    else void this.serve(request, response, address);
  }

  close(): void {}

  private async serve(request: MediaRequest, response: MediaResponse, { app, name }: StillAddress): Promise<void> {
    let gone = false;
    response.on("close", () => {
      gone = true;
    });
    const headOnly = request.method === "HEAD";
    const refusal = await this.options.check({
      action: "play",
      protocol: "still",
      app,
      name,
      client: clientFactsOf(request),
      credentials: credentialsOf(request.address.query, undefined, request.address.signedPrefix),
    });
    if (!refusal && !gone && this.options.isShed(app, name)) return sendRefusal(request, response, STILLS_SHED);
    const isMarked = refusal ?? (await this.options.isMarked(app, name));
    const stream = isMarked instanceof Refusal ? null : this.options.streams.find(app, name);
    const still = stream && (await this.stills.of(stream, isMarked === true ? UNMARKED_WIDTH : WIDTH));
    if (gone) return;
    if (isMarked instanceof Refusal) return sendRefusal(request, response, isMarked);
    if (!still) return sendRefusal(request, response, new Refusal("no-such-stream"));
    if (still === "busy") return sendRefusal(request, response, new Refusal("not-yet", liveText("stills-busy")));
    if (still === "no-picture") return sendRefusal(request, response, new Refusal("not-found", liveText("no-video")));
    response.writeHead(200, {
      "content-type": "image/jpeg",
      "content-length": still.jpeg.length,
      "cache-control": `private, max-age=${CACHE_SECONDS}`,
      ...OPEN_TO_ALL,
    });
    if (headOnly) response.end();
    else response.end(still.jpeg);
  }
}
