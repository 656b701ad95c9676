/**
 * Plays a live stream by HLS. hls.js changes between the rungs with a picture. It leaves sound alone out beside pictures, so that is another
 * source: the rung's own address.
 */
import type { ErrorData, Level, LevelParsed } from "hls.js";
import { bufferedAhead, lacksMedia, waitsForMedia } from "../buffered-ahead.ts";
import { DRY_BELOW, DryMeter, PATIENCE_MS } from "../dry-meter.ts";
import { type EngineStart, isSoundStillLeftOut, type SoundOnly } from "../engine.ts";
import { carries } from "../flv/trial.ts";
import { isOfSound, type Problem, problemFromStatus } from "../problem.ts";
import { qualityOf } from "../quality.ts";
import { addressOfRung, fetchRungs, isPlayable, isSound, labelRungs, type Rung, SOUND } from "../rung-list.ts";
import { undecodableOfHeader } from "../undecodable.ts";
import { HLS_CONFIGURATION } from "./configuration.ts";
import { repairPartTracking } from "./hls-parts.ts";
import { IdleLoading } from "./idle-loading.ts";
import type { HlsLibrary } from "./library.ts";
import { StepDown } from "./step-down.ts";
import { TrackChange } from "./track-change.ts";
import { loaderWithoutSound } from "./without-sound.ts";

type Player = InstanceType<HlsLibrary>;

/** A second media error within this is not recovered. */
const TOO_MANY = 429;
const RECOVERY_INTERVAL_MS = 10_000;
const TICK_MS = 250;
/** The playlist lists so many seconds more than have arrived: the connection is slow, not the publisher. */
const UNLOADED_SECONDS = 0.5;
/** Before the picture is tried again, where it did not arrive in time, or could not be decoded. It doubles each time. */
const RETURN_MS = { slow: 10_000, undecodable: 60_000, most: 120_000 } as const;

/** The rung's name in the address of its playlist. */
const RUNG = /@([a-z0-9-]+)\/s\//;

export class HlsPlayback {
  /** hls.js loads one rung at a time. */
  readonly receivedAt = null;
  readonly needsTime = false;
  private readonly Hls: HlsLibrary;
  private readonly options: EngineStart;
  private readonly dry = new DryMeter(performance.now());
  private hls: Player | null = null;
  private removeListeners: (() => void) | null = null;
  /** All rungs of the stream, as the multivariant playlist lists them. */
  private rungs: readonly Rung[] = [];
  private soundOnly: SoundOnly | null = null;
  private chosen: string | null;
  /** The rung that automatic quality begins with; null for the largest. */
  private first: string | null;
  /** The stream's time where the element's is 0, seconds. */
  private begins: number | null = null;
  private change: TrackChange | null = null;
  private loading: IdleLoading | null = null;
  private stepDown: StepDown | null = null;
  private recoveredAt = Number.NEGATIVE_INFINITY;
  private ticking = 0;
  private returning = 0;
  private returnMs: number = RETURN_MS.slow;
  private isSoundLeftOut: boolean;
  private closed = false;

  constructor(Hls: HlsLibrary, options: EngineStart) {
    this.Hls = Hls;
    this.options = options;
    this.chosen = options.chosen;
    this.first = options.first;
    this.isSoundLeftOut = isSoundStillLeftOut(options);
  }

  async open(): Promise<void> {
    const { url, video, isUndecodable, events } = this.options;
    const wantsSound = isUndecodable || this.chosen === SOUND;
    if (wantsSound) this.rungs = await fetchRungs(url);
    if (this.closed) return;
    const loader = loaderWithoutSound(this.Hls, () => this.isSoundLeftOut);
    const hls = new this.Hls({ ...HLS_CONFIGURATION, ...(this.isSoundLeftOut && { loader }) });
    this.hls = hls;
    repairPartTracking(this.Hls, hls, video);
    this.listen(hls);
    const ended = (): void => {
      if (!this.closed) events.onEnd();
    };
    video.addEventListener("ended", ended);
    this.removeListeners = () => video.removeEventListener("ended", ended);
    const sound = wantsSound ? this.soundAddress : null;
    if (sound !== null) this.soundOnly = isUndecodable ? "undecodable" : "chosen";
    if (sound !== null && isUndecodable) this.returnLater(RETURN_MS.undecodable);
    hls.loadSource(sound ?? url);
    hls.attachMedia(video);
    this.ticking = window.setInterval(() => this.tick(performance.now()), TICK_MS);
  }

  get mediaTime(): number | null {
    return this.begins === null ? null : (this.begins + this.options.video.currentTime) * 1000;
  }

  choose(label: string | null): void {
    this.chosen = label;
    this.stepDown?.reset();
    this.returnMs = RETURN_MS.slow;
    if (label === SOUND) this.loadSound("chosen");
    else if (this.soundOnly !== null) this.loadVideo();
    else if (this.hls) this.hls.nextLevel = this.levelOf(label);
    this.report();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.ticking);
    clearTimeout(this.returning);
    this.removeListeners?.();
    this.hls?.destroy();
    this.hls = null;
  }

  private listen(hls: Player): void {
    const { Events } = this.Hls;
    this.change = new TrackChange(this.Hls, hls);
    this.loading = new IdleLoading(this.Hls, hls);
    this.stepDown = new StepDown(hls);
    hls.on(Events.ERROR, (_event, data) => this.failed(hls, data));
    hls.on(Events.MANIFEST_PARSED, () => this.begin(hls));
    // It is told after MANIFEST_PARSED, which hls.js tells while it hears of this one.
    hls.on(Events.MANIFEST_LOADED, (_event, { levels }) => this.list(hls, levels));
    hls.on(Events.LEVEL_LOADED, (_event, { networkDetails }) => {
      if (networkDetails instanceof XMLHttpRequest)
        this.options.events.onUndecodable(undecodableOfHeader(problemOf(networkDetails)));
    });
    hls.on(Events.LEVEL_SWITCHED, () => this.report());
    hls.on(Events.INIT_PTS_FOUND, (_event, { initPTS, timescale }) => {
      this.begins = initPTS / timescale;
    });
  }

  /** Begins with the rung that the viewer has chosen, or with the one that was shown before. */
  private begin(hls: Player): void {
    if (this.soundOnly === null) this.rungs = labelRungs(hls.levels.map(rungOf));
    if (this.soundOnly === null && this.chosen !== null) hls.loadLevel = this.levelOf(this.chosen);
    else if (this.soundOnly === null && this.first !== null) hls.startLevel = this.levelOf(this.first);
    this.report();
  }

  /** Knows sound alone now, and rungs that this browser cannot play: hls.js has begun without them. */
  private list(hls: Player, levels: readonly LevelParsed[]): void {
    if (this.soundOnly !== null) return;
    this.rungs = labelRungs(levels.map(rungOf));
    const hasVideo = hls.levels.some(({ width, videoCodec }) => width > 0 || videoCodec !== undefined);
    const hadVideo = this.rungs.some((rung) => !isSound(rung));
    if (!hasVideo && hadVideo && this.rungs.length > 1) this.soundOnly = "undecodable";
    this.report();
  }

  private failed(hls: Player, data: ErrorData): void {
    if (this.closed || !data.fatal || this.change?.isSeen) return;
    const { Hls } = this;
    const now = performance.now();
    const isMedia = data.type === Hls.ErrorTypes.MEDIA_ERROR && !isCodec(Hls, data);
    // hls.js knows that the element has failed; the element says at what.
    const words = this.options.video.error?.message || data.error.message;
    // It would load the same sound again.
    if (isMedia && !isOfSound(words) && now - this.recoveredAt > RECOVERY_INTERVAL_MS) {
      this.recoveredAt = now;
      hls.recoverMediaError();
      return;
    }
    this.options.events.onProblem(classify(Hls, data), `${data.details} ${words}`.trim());
  }

  /** Index of the level of a rung; -1 for automatic quality, and for a rung that is not played. */
  private levelOf(label: string | null): number {
    const rung = this.rungs.find((one) => one.label === label);
    return this.hls?.levels.findIndex((level) => isLevelOf(level, rung)) ?? -1;
  }

  private labelOf(level: Level | undefined): string | null {
    return (level && this.rungs.find((rung) => isLevelOf(level, rung))?.label) ?? null;
  }

  private get soundAddress(): string | null {
    const sound = this.rungs.find(isSound);
    return sound ? addressOfRung(this.options.url, sound.name) : null;
  }

  private loadSound(why: SoundOnly): void {
    const address = this.soundAddress;
    if (address === null || this.soundOnly === why) return;
    const isLoaded = this.soundOnly !== null;
    this.soundOnly = why;
    clearTimeout(this.returning);
    if (isLoaded) return;
    this.load(address);
  }

  private loadVideo(): void {
    clearTimeout(this.returning);
    this.soundOnly = null;
    this.dry.reset();
    this.load(this.options.url);
  }

  private tryTheSound(): void {
    this.isSoundLeftOut = false;
    if (this.soundOnly === null) this.loadVideo();
  }

  private load(address: string): void {
    this.change?.reset();
    this.stepDown?.reset();
    this.options.events.onReload();
    this.hls?.loadSource(address);
    this.report();
  }

  /** hls.js does not leave a picture that does not arrive before it has been shown. */
  private beginWith(level: Level | undefined): void {
    this.first = this.labelOf(level);
    this.loadVideo();
  }

  private tick(now: number): void {
    const { video } = this.options;
    const { hls } = this;
    const isWaiting = waitsForMedia(video);
    if (this.isSoundLeftOut && !isSoundStillLeftOut(this.options)) return this.tryTheSound();
    if (!hls || this.soundOnly !== null || (!isWaiting && video.paused)) return;
    const ahead = bufferedAhead(video);
    const listed = hls.latestLevelDetails?.edge ?? 0;
    const isStill = ahead < DRY_BELOW || lacksMedia(video);
    const isWanting = isStill && listed - video.currentTime - ahead > UNLOADED_SECONDS;
    const isIdle = this.loading?.look(isWanting, now) ?? false;
    if (isIdle || (this.change && this.change.placeBehind(video) !== null)) return this.loadVideo();
    if (!isWaiting && video.seeking) return;
    const bitrates = hls.levels.map(({ bitrate }) => bitrate);
    const least = Math.min(...bitrates);
    if (this.chosen === null && !isWaiting) this.stepDown?.look(isWanting, bitrates.indexOf(least), now);
    this.dry.look(now, isWanting);
    const isLeast = bitrates[hls.loadLevel] === least;
    // What a larger picture stood still does not count against the smallest one.
    if (!isLeast && (!isWaiting || this.chosen !== null)) return this.dry.reset();
    if (this.dry.ms < PATIENCE_MS) return;
    if (!isLeast) return this.beginWith(hls.levels.find(({ bitrate }) => bitrate === least));
    if (this.soundAddress === null) return;
    this.loadSound("slow");
    this.returnLater(this.returnMs);
    this.returnMs = Math.min(RETURN_MS.most, this.returnMs * 2);
  }

  /** Shows the picture again as soon as the connection carries the smallest one. */
  private returnLater(milliseconds: number): void {
    this.returning = window.setTimeout(async () => {
      const smallest = this.rungs.findLast((rung) => !isSound(rung));
      const isSlow = this.soundOnly === "slow" && smallest && !(await carries(this.options.url, smallest));
      if (this.closed || this.soundOnly === null || this.soundOnly === "chosen") return;
      if (!isSlow) return this.loadVideo();
      this.returnLater(this.returnMs);
      this.returnMs = Math.min(RETURN_MS.most, this.returnMs * 2);
    }, milliseconds);
  }

  private report(): void {
    const { hls, rungs } = this;
    if (!hls || rungs.length < 2) return;
    const isShown = (rung: Rung) => (this.soundOnly === null ? this.levelOf(rung.label) >= 0 : isPlayable(rung));
    const playing = this.soundOnly === null ? this.labelOf(hls.levels[hls.currentLevel]) : SOUND;
    const { chosen, soundOnly } = this;
    this.options.events.onQuality(
      qualityOf(
        rungs.filter((rung) => isSound(rung) || isShown(rung)),
        { chosen, playing, soundOnly },
      ),
    );
  }
}

/** Of all headers that can be read: a browser complains of one that is asked for and is not among them. */
function problemOf(request: XMLHttpRequest): string | null {
  const [, value = null] = /^lectern-problem: (.*)$/im.exec(request.getAllResponseHeaders()) ?? [];
  return value;
}

/** A level before and after hls.js has looked at it. */
type ListedLevel = Pick<LevelParsed, "bitrate" | "attrs" | "width" | "height"> & { readonly url: string | string[] };

function rungOf({ url, bitrate, attrs, width, height }: ListedLevel): Omit<Rung, "label"> {
  const [, name = null] = RUNG.exec(typeof url === "string" ? url : (url[0] ?? "")) ?? [];
  return { name, kbps: bitrate / 1000, codecs: attrs.CODECS ?? "", width: width ?? 0, height: height ?? 0 };
}

function isLevelOf(level: Level, rung: Rung | undefined): boolean {
  const { name, width, height } = rungOf(level);
  return rung !== undefined && name === rung.name && width === rung.width && height === rung.height;
}

function isCodec(Hls: HlsLibrary, { details }: ErrorData): boolean {
  return details === Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR || details === Hls.ErrorDetails.BUFFER_ADD_CODEC_ERROR;
}

function classify(Hls: HlsLibrary, data: ErrorData): Problem {
  if (isCodec(Hls, data)) return "codec";
  if (data.type === Hls.ErrorTypes.MEDIA_ERROR) return "decoder";
  // Only the multivariant playlist carries the viewer's signed link. Media playlists belong to a session; when it is over (the teacher
  // has restarted the stream), the player has to load the multivariant playlist again.
  const isFirst = data.details === Hls.ErrorDetails.MANIFEST_LOAD_ERROR;
  const status = data.response?.code ?? 0;
  // The session has lost its seat to another device of the viewer.
  if (!isFirst && status === TOO_MANY) return "elsewhere";
  const request = data.networkDetails;
  const told = request instanceof XMLHttpRequest ? problemOf(request) : null;
  return isFirst && status >= 400 ? problemFromStatus(status, told) : "network";
}
