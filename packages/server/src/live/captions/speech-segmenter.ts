/**
 * Cuts sound into pieces that somebody speaks in, by its loudness: a piece begins where it is louder than what is usually there, and ends with a pause, or
 * at the quietest moment when it grows too long. Silence is in no piece, so that no server is sent what it could only guess at.
 */
import { SAMPLE_RATE } from "./caption-engine.ts";

const FRAME_SAMPLES = SAMPLE_RATE / 50;
const FRAME_BYTES = FRAME_SAMPLES * 2;
const FRAMES_PER_SECOND = SAMPLE_RATE / FRAME_SAMPLES;
/** A pause that ends a piece. */
const PAUSE_FRAMES = 0.4 * FRAMES_PER_SECOND;
/** What is loud for a shorter time is a click. */
const LEAST_FRAMES = 0.2 * FRAMES_PER_SECOND;
/** Words begin and end more quietly than they are. */
const MARGIN_FRAMES = 0.2 * FRAMES_PER_SECOND;
/** A longer piece is cut at the quietest moment of its last part. */
const MOST_FRAMES = 5 * FRAMES_PER_SECOND;
const CUT_FRAMES = 1.5 * FRAMES_PER_SECOND;
/** Speech is so much louder than what is usually there, and no quieter than this. Root of the mean square of samples of 16 bits. */
const ABOVE_FLOOR = 3;
const LEAST_LOUDNESS = 150;
/** Noise that stays becomes what is usually there: it doubles within about four seconds. */
const FLOOR_RISE = 1.0035;

/** Sound in which somebody speaks, with its beginning in seconds of all sound. */
export type SpeechPiece = { readonly start: number; readonly end: number; readonly sound: Buffer };

type Frame = { readonly bytes: Buffer; readonly loudness: number };

export class SpeechSegmenter {
  private rest: Buffer = Buffer.alloc(0);
  /** Frames of the piece that is spoken now, or the newest quiet ones before one. */
  private frames: Frame[] = [];
  /** The number of the first of these, from the beginning of all sound. */
  private first = 0;
  private isSpeech = false;
  private loudFrames = 0;
  private quietFrames = 0;
  private floor = LEAST_LOUDNESS / ABOVE_FLOOR;

  /** The pieces that are over. */
  push(sound: Buffer): SpeechPiece[] {
    const bytes = this.rest.length === 0 ? sound : Buffer.concat([this.rest, sound]);
    const pieces: SpeechPiece[] = [];
    let at = 0;
    for (; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES) {
      // What was pushed may be written over by its owner.
      const piece = this.take(Buffer.from(bytes.subarray(at, at + FRAME_BYTES)));
      if (piece) pieces.push(piece);
    }
    this.rest = Buffer.from(bytes.subarray(at));
    return pieces;
  }

  /** The piece that was being spoken at the end of the sound. */
  finish(): SpeechPiece | null {
    return this.isSpeech ? this.cut(this.frames.length) : null;
  }

  private take(bytes: Buffer): SpeechPiece | null {
    const loudness = loudnessOf(bytes);
    this.floor = Math.min(Math.max(loudness, 1), this.floor * FLOOR_RISE);
    this.frames.push({ bytes, loudness });
    const isLoud = loudness > Math.max(LEAST_LOUDNESS, this.floor * ABOVE_FLOOR);
    if (!this.isSpeech) return this.wait(isLoud);
    this.quietFrames = isLoud ? 0 : this.quietFrames + 1;
    this.loudFrames += isLoud ? 1 : 0;
    if (this.quietFrames >= PAUSE_FRAMES) return this.cut(this.frames.length - this.quietFrames + MARGIN_FRAMES);
    return this.frames.length >= MOST_FRAMES ? this.cut(this.quietest()) : null;
  }

  private wait(isLoud: boolean): null {
    this.isSpeech = isLoud;
    this.loudFrames = isLoud ? 1 : 0;
    this.quietFrames = 0;
    if (!isLoud && this.frames.length > MARGIN_FRAMES) this.drop(this.frames.length - MARGIN_FRAMES);
    return null;
  }

  /** Ends the piece behind so many frames. Null: it was but a click. */
  private cut(count: number): SpeechPiece | null {
    const kept = this.frames.slice(0, count);
    const wasSpeech = this.loudFrames >= LEAST_FRAMES;
    const start = this.first / FRAMES_PER_SECOND;
    const goesOn = this.quietFrames < PAUSE_FRAMES && count < this.frames.length;
    this.drop(count);
    this.isSpeech = goesOn;
    this.loudFrames = goesOn ? this.frames.length : 0;
    this.quietFrames = 0;
    if (!wasSpeech) return null;
    return { start, end: start + kept.length / FRAMES_PER_SECOND, sound: Buffer.concat(kept.map(({ bytes }) => bytes)) };
  }

  private quietest(): number {
    const from = this.frames.length - CUT_FRAMES;
    const late = this.frames.slice(from).map(({ loudness }) => loudness);
    return from + late.indexOf(Math.min(...late)) + 1;
  }

  private drop(count: number): void {
    this.frames = this.frames.slice(count);
    this.first += count;
  }
}

function loudnessOf(frame: Buffer): number {
  let sum = 0;
  for (let at = 0; at < frame.length; at += 2) sum += frame.readInt16LE(at) ** 2;
  return Math.sqrt((sum * 2) / frame.length);
}
