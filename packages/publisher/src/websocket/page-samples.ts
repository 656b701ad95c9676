/** Takes the samples of a track, for browsers without MediaStreamTrackProcessor for sound: an audio worklet sends them to the worker by way of the page. */

export type Samples = {
  readonly planes: readonly Float32Array<ArrayBuffer>[];
  readonly sampleRate: number;
  /** Number of the first sample. */
  readonly frame: number;
};

export class PageSamples {
  private readonly context = new AudioContext({ latencyHint: "interactive" });

  constructor(track: MediaStreamTrack, onSamples: (samples: Samples) => void) {
    void this.begin(track, onSamples).catch(() => {});
  }

  close(): void {
    void this.context.close().catch(() => {});
  }

  private async begin(track: MediaStreamTrack, onSamples: (samples: Samples) => void): Promise<void> {
    const { context } = this;
    await context.audioWorklet.addModule(new URL("./samples-worklet.js", import.meta.url));
    const node = new AudioWorkletNode(context, "lectern-samples", { numberOfOutputs: 0 });
    node.port.addEventListener("message", ({ data }) => onSamples({ ...data, sampleRate: context.sampleRate }));
    node.port.start();
    context.createMediaStreamSource(new MediaStream([track])).connect(node);
    await context.resume();
  }
}
