/** Mixes the sound of several streams into one track. */

export type MixedAudio = {
  /** One audio track. */
  readonly stream: MediaStream;
  /** Streams without sound are ignored. */
  add(stream: MediaStream): void;
  remove(stream: MediaStream): void;
  /** How loud a stream is in the mix: 0 to 1, and more to amplify. Default 1. */
  setGain(stream: MediaStream, gain: number): void;
  /** Ends the mixed track. Does not stop the tracks that were given. */
  close(): void;
};

export function mixAudio(_streams: readonly MediaStream[]): MixedAudio {
  throw new Error("not built yet");
}
