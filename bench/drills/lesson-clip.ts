/** Provides the clip of the drills with poor lines: constant bitrate, so that a line that is too slow shows as delay. */
import { ffmpegDone } from "../../e2e/ffmpeg.ts";
import { LAB_SCOPE } from "../netlab/lab-cluster.ts";

/** Video and audio together. */
export const LESSON_KBPS = 1000;
const AUDIO_KBPS = 64;

export async function makeLessonClip(directory: string): Promise<string> {
  const file = `${directory}/lesson.flv`;
  const videoRate = `${LESSON_KBPS - AUDIO_KBPS}k`;
  await ffmpegDone(LAB_SCOPE, [
    ...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25,noise=alls=12:allf=t", "-f", "lavfi", "-i", "sine=sample_rate=48000"],
    ...["-t", "20", "-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-pix_fmt", "yuv420p", "-x264-params", "nal-hrd=cbr"],
    ...["-b:v", videoRate, "-maxrate", videoRate, "-bufsize", `${LESSON_KBPS}k`],
    ...["-c:a", "aac", "-b:a", `${AUDIO_KBPS}k`, "-f", "flv", file],
  ]);
  return file;
}

export const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
