/** Measures how loud a stream's sound is. */

export type AudioLevel = {
  /** Root mean square of the last 50 ms: 0 (silence) to 1 (full scale). 0 without a sound track. */
  level(): number;
  close(): void;
};

/** 43 ms at 48 kHz. */
const SAMPLES = 2048;

export function watchAudioLevel(stream: MediaStream): AudioLevel {
  const track = stream.getAudioTracks()[0];
  if (!track) return { level: () => 0, close: () => {} };
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: SAMPLES });
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(SAMPLES);
  void context.resume().catch(() => {});
  return {
    level: () => {
      // Pages may start a context only after a touch in some browsers.
      if (context.state === "suspended") void context.resume().catch(() => {});
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / SAMPLES);
    },
    close: () => {
      source.disconnect();
      if (context.state !== "closed") void context.close().catch(() => {});
    },
  };
}
