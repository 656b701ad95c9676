/** Measures how loud a stream's sound is. */

export type AudioLevel = {
  /** Root mean square of the last 50 ms: 0 (silence) to 1 (full scale). 0 without a sound track. */
  level(): number;
  close(): void;
};

/** 43 ms at 48 kHz. */
const SAMPLES = 2048;

/**
 * One for all streams of the page: each context has an output of its own, and a thread that the sound device wakes a hundred times a second; some
 * browsers allow only a few. Nobody hears it, so that it may be woken seldom.
 */
let shared: AudioContext | null = null;
let measured = 0;

export function watchAudioLevel(stream: MediaStream): AudioLevel {
  const track = stream.getAudioTracks()[0];
  if (!track) return { level: () => 0, close: () => {} };
  shared ??= new AudioContext({ latencyHint: "playback" });
  const context = shared;
  const analyser = new AnalyserNode(context, { fftSize: SAMPLES });
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  const samples = new Float32Array(SAMPLES);
  let isOver = false;
  measured++;
  resume(context);
  return {
    level: () => {
      // Pages may start a context only after a touch in some browsers.
      if (context.state === "suspended" && !isOver) resume(context);
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / SAMPLES);
    },
    close: () => {
      if (isOver) return;
      isOver = true;
      source.disconnect();
      measured--;
      if (measured === 0) void context.suspend().catch(() => {});
    },
  };
}

function resume(context: AudioContext): void {
  void context.resume().catch(() => {});
}
