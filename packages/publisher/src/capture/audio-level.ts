/** Measures how loud a stream's sound is. */

export type AudioLevel = {
  /** Root mean square of the last 50 ms: 0 (silence) to 1 (full scale). 0 without a sound track. */
  level(): number;
  close(): void;
};

export function watchAudioLevel(_stream: MediaStream): AudioLevel {
  throw new Error("not built yet");
}
