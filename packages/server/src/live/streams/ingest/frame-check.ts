/**
 * Finds out that no player can decode a track, from what costs nearly nothing: the parameter sets and first fields of key frames, lengths that do not fit, the
 * beginning of AAC frames, and frames without a configuration. The uplink's verdict tells it, where every other figure looks well.
 */
import { AacFrames, AUDIO_CODEC, hasNalUnits, nalLengthSize, ParameterSets, splitNals, VIDEO_CODEC } from "@lectern/media";
import type { MediaProblem } from "../../../contracts/monitoring/media-problem.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { SourceFrame } from "./source.ts";
import type { TrackSetup } from "./track-setup.ts";

/** So many frames of one kind after each other are no accident. */
const ENOUGH = { video: 5, audio: 20 } as const;
/** A few frames of rubbish look like sound. So many in a row do not: a tenth of a second. */
const WHOLE_AGAIN = 5;
/** Frames without a configuration for so long are no accident either, however few they are. */
const UNCONFIGURED_MS = 1000;
/** Who publishes begins with a key frame. Sources that are joined in their middle have one within this. */
const KEYLESS_MS = 4000;

/** Browsers play them, or something is made of them that browsers play. Others come from encoders of Flash's time. */
const PLAYED: ReadonlySet<string> = new Set([...Object.values(VIDEO_CODEC), ...Object.values(AUDIO_CODEC)]);

type Track = "video" | "audio";
type TrackState = {
  problem: MediaProblem | null;
  /** What frames have lately, which is not the problem yet. */
  next: MediaProblem | null;
  count: number;
};

export class FrameCheck {
  /** Called when it changes. Null: nothing speaks against the track any more. */
  private readonly onChange: (track: Track, problem: MediaProblem | null) => void;
  private readonly clock: Pick<Clock, "monotonic">;
  private readonly tracks: Record<Track, TrackState> = {
    video: { problem: null, next: null, count: 0 },
    audio: { problem: null, next: null, count: 0 },
  };
  private sets: { readonly setup: TrackSetup; readonly parameters: ParameterSets } | null = null;
  private misfits = 0;
  /** The newest setups, and whether their codecs are played: looked up once for each. */
  private readonly seen: Record<Track, TrackSetup | null> = { video: null, audio: null };
  private readonly isPlayed: Record<Track, boolean> = { video: true, audio: true };
  /** Monotonic milliseconds: of each track's first frame without a configuration, and of the first picture of a source that is no key frame. */
  private readonly unconfiguredAt: Record<Track, number | null> = { video: null, audio: null };
  private keylessAt: number | null = null;
  private hasKey = false;
  private aac: { readonly setup: TrackSetup; readonly frames: AacFrames } | null = null;
  /** Frames of AAC still to come that have to fit, after one that did not. */
  private doubted = 0;

  constructor(clock: Pick<Clock, "monotonic">, onChange: (track: Track, problem: MediaProblem | null) => void) {
    this.clock = clock;
    this.onChange = onChange;
  }

  /** A frame of video has lengths that do not fit. */
  misfit(): void {
    this.misfits++;
    this.take("video", "nal-lengths");
  }

  /** A slice has come without the beginning of its picture. */
  orphan(): void {
    this.take("video", "first-slice-missing");
  }

  /** A frame came before any configuration that its codec needs. */
  unconfigured({ track }: SourceFrame): void {
    const now = this.clock.monotonic();
    this.unconfiguredAt[track] ??= now;
    // A slow picture has few frames.
    if (now - this.unconfiguredAt[track] >= UNCONFIGURED_MS) this.decide(track, "configuration-missing");
    else this.take(track, "configuration-missing");
  }

  /** A frame has come with its configuration. False: its sound is not to be given to any decoder. */
  look(frame: SourceFrame, setup: TrackSetup): boolean {
    const { track } = frame;
    if (setup !== this.seen[track]) {
      this.seen[track] = setup;
      this.isPlayed[track] = PLAYED.has(setup.codec);
    }
    if (!this.isPlayed[track]) {
      this.decide(track, "codec-unsupported");
      return true;
    }
    if (frame.track === "audio") {
      if (setup.codec === AUDIO_CODEC.aac) return this.lookAtAac(frame.payload, setup);
      if (this.tracks.audio.problem) this.take("audio", null);
    } else if (frame.key) this.lookAtKeyFrame(frame, setup);
    else if (!this.hasKey) this.lookForKeyFrame();
    return true;
  }

  private lookAtAac(frame: Uint8Array, setup: TrackSetup): boolean {
    if (this.aac?.setup !== setup) this.aac = { setup, frames: new AacFrames(setup.data) };
    if (!this.aac.frames.fits(frame)) this.doubted = WHOLE_AGAIN;
    else if (this.doubted > 0) this.doubted--;
    const isWhole = this.doubted === 0;
    this.take("audio", isWhole ? null : "aac-frames");
    return isWhole;
  }

  private lookForKeyFrame(): void {
    const now = this.clock.monotonic();
    this.keylessAt ??= now;
    if (now - this.keylessAt >= KEYLESS_MS) this.decide("video", "key-frame-missing");
  }

  private lookAtKeyFrame(frame: SourceFrame, setup: TrackSetup): void {
    const { misfits } = this;
    this.misfits = 0;
    this.hasKey = true;
    if (!hasNalUnits(frame.codec)) return this.decide("video", null);
    const nals = splitNals(frame.payload, nalLengthSize(setup.codec, setup.data));
    // That is told by `misfit`.
    if (!nals) return;
    if (this.sets?.setup !== setup) this.sets = { setup, parameters: new ParameterSets(setup.codec, setup.data) };
    if (!this.sets.parameters.canDecode(nals)) this.decide("video", "parameter-sets-missing");
    else if (misfits === 0) this.decide("video", null);
  }

  private take(track: Track, problem: MediaProblem | null): void {
    const state = this.tracks[track];
    if (state.problem === problem) {
      state.count = 0;
      return;
    }
    state.count = state.next === problem ? state.count + 1 : 1;
    state.next = problem;
    if (state.count >= ENOUGH[track]) this.decide(track, problem);
  }

  private decide(track: Track, problem: MediaProblem | null): void {
    const state = this.tracks[track];
    state.count = 0;
    if (state.problem === problem) return;
    state.problem = problem;
    this.onChange(track, problem);
  }
}
