/** Records a candidate's voice (MediaStream Recording): Opus in WebM, or what Safari has, AAC in MP4; tells how loud it is, and ends by itself when the time is over. */
import { LIMITS } from "@lectern/exam";
import { watchAudioLevel } from "@lectern/publisher";
import { after } from "../../schedule/after.ts";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"] as const;
const BITS_PER_SECOND = 48_000;
/** Between two looks at the level. */
const LEVEL_MS = 100;

export type Recording = {
  /** 0 to 1, now. */
  readonly level: () => number;
  /** Ends it, and gives back the microphone. */
  readonly stop: () => void;
  /** What was recorded. Null: nothing, or too much. */
  readonly done: Promise<Blob | null>;
};

/** Empty: this browser records nothing that examinations take. */
export function recordedType(): string {
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) return "";
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
}

/** @param seconds after which it ends @throws DOMException: there is no microphone, or it may not be used */
export async function record(seconds: number): Promise<Recording> {
  const type = recordedType();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const meter = watchAudioLevel(stream);
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stop = (): void => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const cancel = after(seconds * 1000, stop);
  const done = new Promise<Blob | null>((resolve) => {
    recorder.onstop = () => {
      cancel();
      meter.close();
      for (const track of stream.getTracks()) track.stop();
      const sound = new Blob(pieces, { type: type.split(";")[0] ?? "" });
      resolve(sound.size > 0 && sound.size <= LIMITS.soundBytes ? sound : null);
    };
  });
  // A microphone that is pulled out ends it with what there is.
  for (const track of stream.getAudioTracks()) track.addEventListener("ended", stop);
  recorder.start();
  return { level: () => barOf(meter.level()), stop, done };
}

/** @param level root mean square, 0 to 1 */
function barOf(level: number): number {
  // Speech is between -50 and -10 dB.
  return Math.min(1, Math.max(0, (10 * Math.log10(level ** 2 + 1e-9) + 55) / 50));
}

/** Tells the level and the seconds until it is cancelled. */
export function watchLevel(
  recording: Recording,
  elapsed: () => number,
  tell: (level: number, seconds: number) => void,
): () => void {
  const startedAt = elapsed();
  let cancel = (): void => {};
  const look = (): void => {
    tell(recording.level(), Math.floor((elapsed() - startedAt) / 1000));
    cancel = after(LEVEL_MS, look);
  };
  look();
  return () => cancel();
}
