/**
 * Lists the rungs of a live stream for players of FLV, `/APP/NAME.rungs.json`, with the permission that watching needs. HLS has its
 * multivariant playlist for that, but the request for it begins to watch; this one counts no viewer.
 */
import type { Variant } from "@lectern/media";
import type { Check } from "../../access/access.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { clientFactsOf, type MediaRequest, type MediaResponse } from "../http/media-request.ts";
import { answerOtherMethod, OPEN_TO_ALL, sendRefusal, TELLS_TIME } from "../http/responses.ts";
import { NAME_PATTERN } from "../stream-name.ts";
import { problemsOf, type Stream, type Streams } from "../streams/index.ts";

/** A rung as it is listed; the name of the stream itself is null. */
export type ListedRung = Omit<Variant, "uri"> & { readonly name: string | null };

export type RungListDoorOptions = {
  readonly streams: Streams;
  /** A list asks the access rules, but no callback: nobody starts to watch. */
  readonly check: Check;
  readonly apps: () => readonly string[];
  /** The stream itself, then its rungs. */
  readonly rungsOf: (stream: Stream) => readonly ListedRung[];
};

type ListAddress = { readonly app: string; readonly name: string };

const ADDRESS = new RegExp(`^/([A-Za-z0-9_-]{1,64})/(${NAME_PATTERN})\\.rungs\\.json$`);

export class RungListDoor implements Door<ListAddress> {
  readonly name = "rungs";
  private readonly options: RungListDoorOptions;

  constructor(options: RungListDoorOptions) {
    this.options = options;
  }

  match({ address }: MediaRequest): ListAddress | null {
    const [, app, name] = ADDRESS.exec(address.path) ?? [];
    return app && name && this.options.apps().includes(app) ? { app, name } : null;
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: MediaRequest, response: MediaResponse, address: ListAddress): void {
    if (request.method !== "GET" && request.method !== "HEAD") answerOtherMethod(request, response);
    else void this.serve(request, response, address);
  }

  close(): void {}

  private async serve(request: MediaRequest, response: MediaResponse, { app, name }: ListAddress): Promise<void> {
    let gone = false;
    response.on("close", () => {
      gone = true;
    });
    const client = clientFactsOf(request);
    const credentials = credentialsOf(request.address.query, undefined, request.address.signedPrefix);
    const refusal = await this.options.check({ action: "play", protocol: "flv", app, name, client, credentials });
    const stream = refusal ? null : this.options.streams.find(app, name);
    await stream?.backfill.there();
    if (gone) return;
    if (refusal || !stream) return sendRefusal(request, response, refusal ?? new Refusal("no-such-stream"));
    const { log } = stream;
    // A player whose picture stands still compares the time with that of its own newest frame, and says what it is told of the tracks.
    const list = { items: this.options.rungsOf(stream).map(itemOf), newestMs: log.newestTime, problems: problemsOf(log) };
    const body = Buffer.from(JSON.stringify(list));
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": body.length,
      "cache-control": "no-store",
      ...OPEN_TO_ALL,
      ...TELLS_TIME,
    });
    if (request.method === "HEAD") response.end();
    else response.end(body);
  }
}

function itemOf({ name, bandwidth, averageBandwidth, codecs, resolution, frameRate }: ListedRung) {
  return {
    name,
    bandwidth: Math.ceil(bandwidth),
    averageBandwidth: Math.ceil(averageBandwidth),
    codecs: codecs.join(),
    width: resolution?.width ?? null,
    height: resolution?.height ?? null,
    frameRate,
  };
}
