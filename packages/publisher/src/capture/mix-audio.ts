/** Mixes the sound of several streams into one track. */

export type MixedAudio = {
  /** One audio track. */
  readonly stream: MediaStream;
  /** Streams without sound are ignored, and those that are in the mix already. */
  add(stream: MediaStream): void;
  remove(stream: MediaStream): void;
  /** How loud a stream is in the mix: 0 to 1, and more to amplify. Default 1. */
  setGain(stream: MediaStream, gain: number): void;
  /** Ends the mixed track. Does not stop the tracks that were given. */
  close(): void;
};

type Input = { readonly source: MediaStreamAudioSourceNode; readonly gain: GainNode };

/** A click is not heard when the loudness takes so long to change, seconds. */
const SMOOTH_SECONDS = 0.02;

export function mixAudio(streams: readonly MediaStream[]): MixedAudio {
  const context = new AudioContext({ latencyHint: "interactive" });
  const destination = context.createMediaStreamDestination();
  // Several voices at once are louder than full scale: better pressed than cut off.
  const limiter = new DynamicsCompressorNode(context, { threshold: -3, knee: 3, ratio: 20, attack: 0.003, release: 0.1 });
  limiter.connect(destination);
  const inputs = new Map<MediaStream, Input>();
  const mixed: MixedAudio = {
    stream: destination.stream,
    add: (stream) => {
      const track = stream.getAudioTracks()[0];
      if (!track || inputs.has(stream) || context.state === "closed") return;
      const source = context.createMediaStreamSource(new MediaStream([track]));
      const gain = new GainNode(context);
      source.connect(gain).connect(limiter);
      inputs.set(stream, { source, gain });
    },
    remove: (stream) => {
      const input = inputs.get(stream);
      inputs.delete(stream);
      input?.source.disconnect();
      input?.gain.disconnect();
    },
    setGain: (stream, gain) => {
      inputs.get(stream)?.gain.gain.setTargetAtTime(Math.max(0, gain), context.currentTime, SMOOTH_SECONDS);
    },
    close: () => {
      for (const stream of [...inputs.keys()]) mixed.remove(stream);
      for (const track of destination.stream.getTracks()) track.stop();
      if (context.state !== "closed") void context.close().catch(() => {});
    },
  };
  for (const stream of streams) mixed.add(stream);
  void context.resume().catch(() => {});
  return mixed;
}
