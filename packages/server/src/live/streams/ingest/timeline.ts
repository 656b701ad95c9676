/**
 * Repairs a publisher's time to one continuous 64-bit clock that starts near 0.
 *
 * Clocks of publishers wrap at 2^32, start anywhere, jump when a laptop wakes, go backward when an encoder restarts, and run on
 * while it is paused. Both tracks are moved by the same offset, so that they stay as far apart as they were: the track on which a
 * jump is seen first sets the new offset, the other follows when its own clock jumps, and its frames in flight keep the old offset
 * until then. A track that was held up, as by a browser without time to encode, and then comes all at once has no jump: its clock goes
 * on, and moving it would make the stream longer than it was. Recorders whose tracks have clocks of their own (SRS #4586) keep an offset for each.
 */

export type Track = "video" | "audio";

/** A track's decode time may go back by this much before it is a jump: rounding, and encoders that are a little careless. */
const BACKWARD_TOLERANCE_MS = 20;
/** Behind the newest time of either track by more than this, the clock went backward. */
const MAX_INTERLEAVE_MS = 1500;
/** Ahead of the newest time of either track by more than this, the clock jumped, or the publisher paused. */
const MAX_HOLE_MS = 1000;
/** A track that is behind by no more is in time. */
const IN_TIME_MS = 1000;
/**
 * A track that was in time so recently was held up: at once, or frame by frame, as by an encoder that has too little of a processor. Clocks that differ in
 * speed drift apart more slowly, by less than one in sixty.
 */
const HELD_UP_WITHIN_MS = 30_000;
/** A track that is behind for longer than this of its own time is not catching up. */
const MAX_LATE_MS = 10_000;
/** A track that was moved because it was late, and is ahead of the other one by more than this, has caught up by the rest. */
const MAX_AHEAD_MS = 200;
/** Frames of still images may come this slowly, if they do so regularly. */
const MAX_STEP_MS = 15_000;
/** Assumed duration of a frame where no other is known. */
const DEFAULT_STEP_MS = { video: 33, audio: 21 } as const;

type TrackState = {
  /** Repaired time of its newest frame. */
  last: number | null;
  /** Repaired difference of its newest two frames. */
  step: number;
  /** The publisher's clock at its newest frame, unwrapped, and the difference to the frame before. */
  raw: number | null;
  rawStep: number;
  /** Added to the publisher's clock. */
  offset: number;
  /** How far either track had come when this one was last in time; null: it was not, since the source began. */
  inTimeAt: number | null;
  /** The publisher's clock at the first frame that came too late; null: the track is in time. */
  lateFrom: number | null;
  /** It was late for long, and was moved to be in time. */
  isMoved: boolean;
};

const newTrack = (step: number): TrackState => ({
  last: null,
  step,
  raw: null,
  rawStep: 0,
  offset: 0,
  inTimeAt: null,
  lateFrom: null,
  isMoved: false,
});

export class Timeline {
  private readonly tracks: Record<Track, TrackState> = {
    video: newTrack(DEFAULT_STEP_MS.video),
    audio: newTrack(DEFAULT_STEP_MS.audio),
  };
  /** The earliest timestamp of the source. */
  private first = 0;
  /** The end of the newest frame of either track. */
  private reached = 0;
  private jumpCount = 0;

  /** Continues another timeline at its end, with the newest time of each track. */
  static goingOn(reached: number, newest: Readonly<Record<Track, number | null>>): Timeline {
    const timeline = new Timeline();
    timeline.reached = reached;
    timeline.tracks.video.last = newest.video;
    timeline.tracks.audio.last = newest.audio;
    return timeline;
  }

  /** How often the publisher's clock jumped. */
  get jumps(): number {
    return this.jumpCount;
  }

  /** The end of the newest frame. */
  get end(): number {
    return this.reached;
  }

  /**
   * A new source continues where the last one ended, whatever its clock is.
   * @param first its earliest timestamp, which becomes that moment
   */
  beginSource(first: number): void {
    this.first = first >>> 0;
    for (const track of Object.values(this.tracks)) {
      track.raw = null;
      track.offset = this.reached - this.first;
      Object.assign(track, { inTimeAt: null, lateFrom: null, isMoved: false });
    }
  }

  /**
   * The frame's decode time: milliseconds of the epoch, never less than the one before in its track. Null: sound that comes too late to be heard. A late
   * picture keeps its place in the order, since others need it, and is caught up with.
   */
  repair(name: Track, timestamp: number): number | null {
    const track = this.tracks[name];
    const raw = unwrap(timestamp, track.raw ?? this.first);
    const rawStep = track.raw === null ? 0 : raw - track.raw;
    const other = this.tracks[name === "video" ? "audio" : "video"];
    const isLate = this.isLate(track, raw, rawStep);
    if (track.isMoved) moveBack(track, other, raw);
    if (!isLate && !this.plausible(track, raw + track.offset, rawStep)) this.adjust(track, other, raw, rawStep);
    track.raw = raw;
    track.rawStep = rawStep;
    if (!isLate) return this.accept(track, raw + track.offset);
    return name === "audio" ? null : this.accept(track, this.reached - MAX_INTERLEAVE_MS);
  }

  /** Whether the track was held up while the other one went on, and catches up. */
  private isLate(track: TrackState, raw: number, rawStep: number): boolean {
    const behind = this.reached - (raw + track.offset);
    const isContinuous = track.raw !== null && rawStep >= 0 && rawStep <= MAX_HOLE_MS;
    const wasInTime = track.inTimeAt !== null && this.reached - track.inTimeAt <= HELD_UP_WITHIN_MS;
    const wasHeldUp = track.lateFrom !== null || wasInTime;
    if (behind <= MAX_INTERLEAVE_MS || !isContinuous || !wasHeldUp) {
      track.lateFrom = null;
      return false;
    }
    track.lateFrom ??= raw;
    return raw - track.lateFrom <= MAX_LATE_MS;
  }

  /** The time of a message without a track, such as a data message. */
  at(timestamp: number): number {
    const { video, audio } = this.tracks;
    const track = video.raw === null ? audio : video;
    const time = unwrap(timestamp, track.raw ?? this.first) + track.offset;
    return Math.min(Math.max(time, 0), this.reached);
  }

  /** The clock has jumped: on the other track before, or here first. */
  private adjust(track: TrackState, other: TrackState, raw: number, rawStep: number): void {
    const expected = track.last === null ? this.reached : track.last + track.step;
    if (other.raw !== null && this.plausible(track, raw + other.offset, rawStep)) {
      track.offset = other.offset;
      return;
    }
    this.jumpCount++;
    track.isMoved = track.lateFrom !== null;
    track.offset = Math.max(this.reached, expected) - raw;
  }

  private plausible(track: TrackState, time: number, rawStep: number): boolean {
    if (track.last !== null && track.raw !== null && time < track.last - BACKWARD_TOLERANCE_MS) return false;
    if (time < this.reached - MAX_INTERLEAVE_MS) return false;
    const ahead = time - this.reached;
    if (ahead <= MAX_HOLE_MS) return true;
    // In a slow source, unlike in a pause, the frame before came as slowly.
    return rawStep > 0 && rawStep <= MAX_STEP_MS && track.rawStep >= rawStep / 2;
  }

  private accept(track: TrackState, wanted: number): number {
    const time = Math.max(wanted, track.last ?? 0, 0);
    if (track.last !== null && time > track.last && time - track.last <= MAX_STEP_MS) track.step = time - track.last;
    track.last = time;
    if (this.reached - time <= IN_TIME_MS) track.inTimeAt = this.reached;
    this.reached = Math.max(this.reached, time + Math.min(track.step, MAX_HOLE_MS));
    return time;
  }
}

/** A track that was moved for its lateness is moved back as it catches up: it would otherwise run ahead, and make the stream longer than it was. */
function moveBack(track: TrackState, other: TrackState, raw: number): void {
  if (other.last === null || other.raw === null) return;
  const ahead = raw + track.offset - (other.last + MAX_AHEAD_MS);
  if (ahead <= 0 || ahead > MAX_LATE_MS) return;
  track.offset = Math.max(other.offset, track.offset - ahead);
  track.isMoved = track.offset !== other.offset;
}

/** The difference of two 32-bit numbers, taken as a signed one, is right across the wrap in both directions. */
function unwrap(timestamp: number, near: number): number {
  return near + ((timestamp - near) | 0);
}
