/** The door for stills: `/APP/NAME.jpg`, with the permission that watching needs. */

import type { Check } from "../../access/access.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import { answerOtherMethod, type HttpRequest, type HttpResponse, OPEN_TO_ALL, sendRefusal } from "../http/answer.ts";
import { liveText } from "../live-messages.ts";
import type { Streams } from "../streams/index.ts";
import type { Decode } from "./decoder.ts";
import { Stills } from "./stills.ts";

export type StillsDoorOptions = {
  readonly streams: Streams;
  /** A still asks the access rules, but no callback: nobody starts to watch. */
  readonly check: Check;
  readonly apps: () => readonly string[];
  /** Where workers share what they have made. */
  readonly directory: string;
  readonly decode: Decode;
  readonly ipOf: (request: HttpRequest) => string;
};

const ADDRESS = /^\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,128})\.jpg$/;
/** A browser may show it again for so long, seconds. */
const CACHE_SECONDS = 3;

export class StillsDoor {
  private readonly options: StillsDoorOptions;
  private readonly stills: Stills;

  constructor(options: StillsDoorOptions) {
    this.options = options;
    this.stills = new Stills(options.directory, options.decode);
  }

  /** Takes a request if it is one for a still. False when it is somebody else's. */
  handle(request: HttpRequest, response: HttpResponse): boolean {
    const url = request.url ?? "";
    const cut = url.indexOf("?");
    const [, app, name] = ADDRESS.exec(cut < 0 ? url : url.slice(0, cut)) ?? [];
    if (!app || !name || !this.options.apps().includes(app)) return false;
    if (request.method !== "GET" && request.method !== "HEAD") answerOtherMethod(request, response);
    else void this.serve(request, response, app, name, new URLSearchParams(cut < 0 ? "" : url.slice(cut + 1)));
    return true;
  }

  private async serve(
    request: HttpRequest,
    response: HttpResponse,
    app: string,
    name: string,
    query: URLSearchParams,
  ): Promise<void> {
    let gone = false;
    response.on("close", () => {
      gone = true;
    });
    const headOnly = request.method === "HEAD";
    const ip = this.options.ipOf(request);
    const refusal = await this.options.check({
      action: "play",
      protocol: "still",
      app,
      name,
      ip,
      credentials: credentialsOf(query),
    });
    const stream = refusal ? null : this.options.streams.find(app, name);
    const still = stream && (await this.stills.of(stream));
    if (gone) return;
    if (refusal) return sendRefusal(request, response, refusal);
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
