/**
 * Serves live streams as HLS: playlists, parts and segments, from memory. A request for a part that does not exist yet is held until it does.
 *
 * The request for the multivariant playlist asks the access rules; the session in the playlist's addresses proves the admission afterwards.
 * A lesson's files have the session in their addresses too, as all files have in strict mode. Others need none below an epoch's unguessable name.
 */
import type { Recheck } from "../../access/access.ts";
import { credentialsOf, sessionCredentials } from "../../access/credentials/credentials.ts";
import { sessionNumber, sessionViewerTag } from "../../access/credentials/viewer-sessions.ts";
import type { ContentKey } from "../../access/encryption/content-keys.ts";
import { refuseOtherDevice } from "../../access/seats/seat-refusals.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Door } from "../http/door.ts";
import { clientFactsOf, type MediaRequest as Request, type MediaResponse as Response, sendShared } from "../http/media-request.ts";
import { acceptsGzip, answerOtherMethod, sendPermission, sendRefusal } from "../http/responses.ts";
import type { SharedAnswer } from "../http/shared-answer.ts";
import { liveText } from "../live-texts.ts";
import { rungOf } from "../stream-name.ts";
import { Backfill, problemsOf, type Stream } from "../streams/index.ts";
import { refuseUndecodable } from "../undecodable.ts";
import { BlockingRequests } from "./blocking-requests.ts";
import type { HlsDoorOptions, HlsFile } from "./door-options.ts";
import {
  type CaptionsAddress,
  type HlsAddress,
  OPUS_QUERY,
  parseDirectives,
  parseHlsAddress,
  takesOpusBy,
  withMark,
} from "./hls-address.ts";
import { HlsAnswers, keyAnswer, multivariantAnswer, permissionRefusal, sendMoved, toRefusal, typeOf } from "./hls-answers.ts";
import { HlsStream } from "./hls-stream.ts";
import { LiveCaptions } from "./live-captions.ts";
import { SegmentKeys } from "./segment-keys.ts";
import { Sessions } from "./sessions.ts";

type Opened = { readonly stream: Stream; readonly hls: HlsStream; readonly keys: SegmentKeys; usedAt: number };

/** Bis section 6.2.5.2: after three target durations a held request is answered with 503. */
const HOLD_TARGETS = 3;
/** Before the first segment is complete its duration is unknown; the segmenter ends it after this at the latest. */
const FIRST_HOLD_MS = 15_000;
/** A stream without requests for this long is dropped, and packaged again from the log at the next request. */
const IDLE_MS = 30_000;
const SWEEP_MS = 500;
/** The path from a playlist to the folder above the epoch. */
const PATH_UP = { open: "../../", strict: "" } as const;

export class HlsDoor implements Door<HlsAddress> {
  readonly name = "hls";
  private readonly options: HlsDoorOptions;
  private readonly sessions: Sessions;
  private readonly opened = new Map<string, Opened>();
  /** Null while there is nothing to sweep, so that a worker at rest does not wake up for it. */
  private sweeping: NodeJS.Timeout | null = null;
  private readonly holding = new BlockingRequests();
  private readonly answers = new HlsAnswers();
  private readonly captions: LiveCaptions;

  constructor(options: HlsDoorOptions) {
    this.options = options;
    this.captions = new LiveCaptions(options.captions);
    const scopeOf = (stream: Stream) => options.sourceOf(stream.app, stream.name) ?? stream;
    this.sessions = new Sessions(options.sessions, scopeOf, options.maxViewers, options.playlists);
    options.streams.onEnded((stream) => this.sessions.ended(stream));
  }

  match(request: Request): HlsAddress | null {
    const address = parseHlsAddress(request.address);
    return address && this.options.apps().includes(address.app) ? address : null;
  }

  isWhole(): boolean {
    return true;
  }

  handle(request: Request, response: Response, address: HlsAddress): void {
    if (request.method === "GET" || request.method === "HEAD") this.serve(request, response, address);
    else answerOtherMethod(request, response);
  }

  /** Viewers of all streams that are live here. */
  get viewers(): number {
    return this.sessions.size;
  }

  /** Viewers that other processes have seen. */
  seenElsewhere(numbers: readonly number[]): void {
    this.sessions.seenElsewhere(numbers);
  }

  /** Viewers seen here whose sessions other processes issued. */
  foreignViewers(): number[] {
    return this.sessions.foreign();
  }

  close(): void {
    if (this.sweeping) clearInterval(this.sweeping);
    this.sweeping = null;
    this.sessions.close();
    for (const { hls } of this.opened.values()) hls.close();
    this.opened.clear();
  }

  private serve(request: Request, response: Response, address: HlsAddress): void {
    if (address.kind === "multivariant") return void this.serveMultivariant(request, response, address);
    const session = "session" in address ? address.session : null;
    const { app, name } = address;
    if (session === null) {
      // Another node has asked for its own viewer.
      const needsSession = this.options.isStrict(app, name) && !request.client.isFromNode;
      return this.serveNamed(request, response, address, needsSession ? new Refusal("not-signed-in") : null);
    }
    if (this.options.sessions.hasEnded(session)) return this.turnAway(request, response, address, refuseOtherDevice());
    // Nearly always known at once; else the request waits for the answer.
    const credentials = sessionCredentials(sessionViewerTag(session), sessionNumber(session));
    const review = this.options.recheck(app, name, credentials, clientFactsOf(request));
    // A rung that has nothing yet is being made, and its ladder knows whether that is worth waiting for.
    const hasBegun = () => (this.options.streams.find(app, name)?.log.segments.length ?? 0) > 0;
    const isMissing = address.kind === "playlist" && rungOf(name) !== null && !hasBegun();
    if (isMissing) void this.serveNewRung(request, response, address, session, review);
    else if (review instanceof Promise) void review.then((refusal) => this.serveNamed(request, response, address, refusal));
    else this.serveNamed(request, response, address, review);
  }

  /** A player changes to a rung that nobody has watched yet: it is made now. */
  private async serveNewRung(
    request: Request,
    response: Response,
    address: HlsAddress & { kind: "playlist" },
    session: string,
    review: ReturnType<Recheck>,
  ): Promise<void> {
    const { app, name } = address;
    const refusal = await review;
    const source = this.options.sourceOf(app, name);
    const isForged = source !== null && !this.sessions.opens(session, source);
    const forged = isForged ? new Refusal("bad-signature") : null;
    const made = refusal || forged ? null : await this.options.find(app, name);
    this.serveNamed(request, response, address, refusal ?? forged ?? (made instanceof Refusal ? made : null));
  }

  /** @param refusal when the session's viewer may not continue */
  private serveNamed(
    request: Request,
    response: Response,
    address: Exclude<HlsAddress, { kind: "multivariant" }>,
    refusal: Refusal | null,
  ): void {
    if (refusal) return this.turnAway(request, response, address, refusal);
    const isOpen = "epoch" in address && address.session === null;
    const opened = isOpen ? this.byEpoch(address) : this.permitted(address, address.session ?? "");
    if (opened instanceof Refusal) return this.turnAway(request, response, address, opened);
    if (opened instanceof Backfill) return opened.whenThere(() => this.serveNamed(request, response, address, refusal));
    switch (address.kind) {
      case "playlist":
        return this.servePlaylist(request, response, address, opened);
      case "captions":
      case "caption-part":
        return void this.serveCaptions(request, response, address, opened);
      case "permission":
        this.renew(opened, address.session, 0);
        return sendPermission(response);
      case "key":
        return this.serveKey(request, response, address, opened);
      default:
        return this.serveFile(request, response, address, opened);
    }
  }

  private async serveMultivariant(request: Request, response: Response, address: HlsAddress): Promise<void> {
    const { app } = address;
    const credentials = credentialsOf(request.address.query, undefined, request.address.signedPrefix);
    const of = { app, name: address.name, client: clientFactsOf(request), credentials };
    const seat = request.method === "HEAD" ? "probe" : "take";
    let gone = false;
    response.on("close", () => {
      gone = true;
    });
    const { ask, present, rungVariants, streams } = this.options;
    const admission = await ask({ action: "play", protocol: "hls", ...of, seat }, (name) => present(app, name));
    if (admission instanceof Refusal) return gone ? undefined : this.turnAway(request, response, address, admission);
    const { name, trace } = admission;
    const takesOpus = takesOpusBy(address.query);
    const stream = (await this.options.served(app, name, { opus: takesOpus }))?.stream;
    if (gone || !stream) {
      admission.close();
      return gone ? undefined : this.turnAway(request, response, address, new Refusal("no-such-stream"));
    }
    await stream.backfill.there();
    const opened = this.open(stream);
    const session = this.sessions.issue(stream, admission);
    const subtitles = this.captions.subtitles(app, stream.name, `${stream.name}/s/${session}`);
    this.hold(request, response, opened, FIRST_HOLD_MS, () => {
      const listed = rungVariants(streams.find(app, name) ?? stream);
      const rungs = listed.map(({ name: rung, ...variant }) => ({ ...variant, uri: `${rung}/s/${session}/index.m3u8` }));
      const text = opened.hls.multivariant(`${stream.name}/s/${session}`, rungs, takesOpus ? OPUS_QUERY : "", subtitles);
      if (text === null) return this.turnAwayUndecodable(request, response, stream);
      if (text === "not-here") refuse(request, response, new Refusal("not-in-hls"));
      else {
        this.send(request, response, multivariantAnswer(text, problemsOf(stream.log)));
        trace?.joined(stream.trace.publisher);
      }
      return true;
    });
  }

  /** False where the stream may still begin. */
  private turnAwayUndecodable(request: Request, response: Response, stream: Stream): boolean {
    const refusal = refuseUndecodable(stream);
    if (refusal) refuse(request, response, refusal);
    return refusal !== null;
  }

  private servePlaylist(request: Request, response: Response, address: HlsAddress & { kind: "playlist" }, opened: Opened): void {
    const directives = parseDirectives(address.query);
    if (!directives) return refuse(request, response, new Refusal("bad-request", liveText("directives")));
    if (this.options.isDrained()) return this.turnAway(request, response, address, new Refusal("draining"));
    const startedAt = performance.now();
    const wait = this.sessions.playlistWait(address.session, startedAt);
    if (wait > 0) return this.turnAway(request, response, address, new Refusal("too-many", liveText("playlists")).after(wait));
    const { position, skip } = directives;
    this.hold(request, response, opened, this.holdMs(opened), () => {
      const at = this.placeOf(address, opened);
      // Segments with sound that the player does not know are not shown to it while others are being made.
      if (at === "wait") return false;
      if (at !== null) {
        sendMoved(response, `../../../${at.name}/s/${address.session}/index.m3u8${withMark(address.query)}`);
        return true;
      }
      const found = opened.hls.playlist(position, skip);
      if (found === null) return false;
      if (typeof found === "string") refuse(request, response, toRefusal(found));
      else {
        this.renew(opened, address.session, (performance.now() - startedAt) / 1000);
        const zipped = acceptsGzip(request);
        const problems = problemsOf(opened.stream.log);
        this.send(request, response, this.answers.playlist(found, problems, zipped, opened.hls.targetSeconds));
      }
      return true;
    });
  }

  private async serveCaptions(request: Request, response: Response, address: CaptionsAddress, { hls }: Opened): Promise<void> {
    const answer = await this.captions.answer(address, hls);
    answer instanceof Refusal ? refuse(request, response, answer) : this.send(request, response, answer);
  }

  /** Where a viewer who takes no Opus finds the stream, if that has it now: the segments there are the same; null: here. */
  private placeOf({ app, name, query }: HlsAddress, { stream }: Opened): Stream | "wait" | null {
    if (rungOf(name) !== null || stream.ended || takesOpusBy(query)) return null;
    const now = this.options.servedNow(app, name);
    if (now === null) return "wait";
    return now.name !== name && !now.ended ? now : null;
  }

  /** A key is never cached: each request for it shows that the viewer may still watch. */
  private serveKey(request: Request, response: Response, address: HlsAddress & { kind: "key" }, opened: Opened): void {
    const key = opened.hls.epoch === address.epoch ? opened.keys.find(address.key) : null;
    if (key) this.send(request, response, keyAnswer(key));
    else refuse(request, response, new Refusal("not-found"));
  }

  private serveFile(request: Request, response: Response, address: HlsFile, opened: Opened): void {
    const { hls, keys } = opened;
    const key = address.kind === "media" && address.key !== null ? keys.find(address.key) : null;
    const isForged = address.kind === "media" && address.key !== null && key === null;
    if (hls.epoch !== address.epoch || isForged) return refuse(request, response, new Refusal("not-found"));
    opened.usedAt = performance.now();
    // Between nodes files are not encrypted: the node that answers the viewer encrypts them.
    const isClosed = () => address.kind === "media" && key === null && !request.client.isFromNode && !keys.isOpen(address.msn);
    this.hold(request, response, opened, this.holdMs(opened), () => {
      if (isClosed()) {
        refuse(request, response, toRefusal("not-here"));
        return true;
      }
      const found =
        address.kind === "initialisation" ? hls.initialisation(address.file) : hls.media(address.term, address.msn, address.part);
      if (found === null) return false;
      if (found === "not-here") void this.serveStored(request, response, address, key);
      else if (typeof found === "string") refuse(request, response, toRefusal(found));
      else {
        const bytes = key ? this.options.encrypted.of(found, key) : found;
        if (bytes instanceof Promise) hls.askAfter(bytes);
        else this.send(request, response, this.answers.file(bytes, typeOf(address)));
        return !(bytes instanceof Promise);
      }
      return true;
    });
  }

  private async serveStored(request: Request, response: Response, address: HlsFile, key: ContentKey | null): Promise<void> {
    // Recordings are read by segment, never by part.
    const isPart = address.kind === "media" && address.part !== null;
    const found = isPart ? null : await this.options.stored(address, key).catch(() => null);
    if (found) this.send(request, response, this.answers.file(found, typeOf(address)));
    else refuse(request, response, toRefusal("not-here"));
  }

  /**
   * Answers now, or as soon as the part exists.
   * @param answer tries to answer; false when it must wait
   */
  private hold(request: Request, response: Response, opened: Opened, limitMs: number, answer: () => boolean): void {
    if (answer()) return;
    if (this.holding.size >= this.options.maxViewers()) return refuse(request, response, new Refusal("full"));
    const words = rungOf(opened.stream.name) === null ? null : liveText("rung-not-made");
    const tooLate = () => refuse(request, response, new Refusal("not-yet", words));
    response.on("close", this.holding.hold(opened.hls, { limitMs, answer, tooLate }));
  }

  private holdMs({ hls }: Opened): number {
    return HOLD_TARGETS * hls.targetSeconds * 1000;
  }

  /** A stream as HLS; its backfill while this node still fetches the segments that a playlist lists. */
  private opening(stream: Stream): Opened | Backfill {
    return stream.backfill.missing ? stream.backfill : this.open(stream);
  }

  /** A stream as HLS, for an admitted viewer. */
  private open(stream: Stream): Opened {
    const known = this.opened.get(stream.epoch);
    if (known?.stream === stream) {
      known.usedAt = performance.now();
      return known;
    }
    // The copy was dropped and made again.
    known?.hls.close();
    const { isStrict, encryptionOf } = this.options;
    const { app, name, epoch, log } = stream;
    const up = () => (isStrict(app, name) ? PATH_UP.strict : PATH_UP.open);
    const keys = new SegmentKeys(this.options.keys, epoch, () => encryptionOf(app, name));
    const hls = new HlsStream(log, up, this.options.windowSegments(), keys);
    const opened = { stream, hls, keys, usedAt: performance.now() };
    this.opened.set(epoch, opened);
    this.sweeping ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
    stream.addVisitors("hls", { count: () => this.sessions.count(stream), numbers: () => this.sessions.viewerNumbers(stream) });
    return opened;
  }

  private permitted({ app, name }: { app: string; name: string }, session: string): Opened | Backfill | Refusal {
    const stream = this.options.streams.find(app, name);
    if (stream && this.sessions.verify(session, stream)) return this.opening(stream);
    // A stream that has just ended is still served to its end.
    for (const opened of this.opened.values()) {
      const { stream: other } = opened;
      if (other.app === app && other.name === name && other !== stream && this.sessions.verify(session, other)) return opened;
    }
    return new Refusal(stream ? "bad-signature" : "no-such-stream");
  }

  private byEpoch({ app, name, epoch }: { app: string; name: string; epoch: string }): Opened | Backfill | Refusal {
    const stream = this.options.streams.find(app, name);
    if (stream?.epoch === epoch) return this.opening(stream);
    // A stream that has just ended is still served to its end.
    const known = this.opened.get(epoch);
    if (known?.stream.app === app && known.stream.name === name) return known;
    return new Refusal(stream ? "not-found" : "no-such-stream");
  }

  /** Refuses a viewer, which is logged and counted; a missing file is not. */
  private turnAway(request: Request, response: Response, address: HlsAddress, refusal: Refusal): void {
    const { app, name } = address;
    this.options.events.refused("play", "hls", `${app}/${name}`, request.ip, refusal);
    refuse(request, response, permissionRefusal(address, refusal));
  }

  private renew(opened: Opened, session: string, seconds: number): void {
    opened.usedAt = performance.now();
    if (this.sessions.touch(session, opened.stream)) this.options.events.joined("hls", seconds);
  }

  private send(request: Request, response: Response, answer: SharedAnswer): void {
    sendShared(request, response, answer);
    if (request.method !== "HEAD") this.options.events.sent("hls", answer.body.length);
  }

  private sweep(): void {
    this.sessions.sweep();
    const now = performance.now();
    this.holding.sweep(now);
    for (const [epoch, { stream, hls, usedAt }] of this.opened) {
      // Nothing is appended that would answer those who wait.
      if (stream.log.foretold) hls.askAfter(Promise.resolve());
      if (now - usedAt < IDLE_MS || hls.held > 0) continue;
      hls.close();
      this.opened.delete(epoch);
    }
    if (!this.sweeping || this.opened.size + this.holding.size > 0 || !this.sessions.isEmpty) return;
    clearInterval(this.sweeping);
    this.sweeping = null;
  }
}

function refuse(request: Request, response: Response, refusal: Refusal): void {
  sendRefusal(request, response, refusal);
}
