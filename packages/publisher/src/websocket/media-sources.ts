/** Brings a stream's tracks to the worker, in the way that the browser has. */
import { contentOf } from "../capture/content.ts";
import { processorClass, type TrackSource } from "../capture/track-readers.ts";
import { PageSamples } from "./page-samples.ts";
import { PageVideo } from "./page-video.ts";
import type { VideoContent } from "./video-settings.ts";
import type { Sources, ToWorker } from "./worker-messages.ts";

/** 500 ms of sound, for moments in which the worker is busy. */
const SOUND_BUFFERS = 50;

export type PostToWorker = (message: ToWorker, transfer?: Transferable[]) => void;

export class MediaSources {
  readonly sources: Sources;
  /** What has to be transferred with them. */
  readonly transfer: Transferable[] = [];
  private pictures: PageVideo | null = null;
  private samples: PageSamples | null = null;

  constructor(stream: MediaStream, content: VideoContent | undefined, post: PostToWorker) {
    const [video, audio] = [liveTrack(stream.getVideoTracks()), liveTrack(stream.getAudioTracks())];
    this.sources = {
      video: video && this.videoSource(video, post),
      audio: audio && this.audioSource(audio, post),
      content: content ?? contentOf(video),
    };
  }

  /** A hidden page is asked for a picture. */
  giveFrame(): void {
    this.pictures?.give();
  }

  close(): void {
    this.pictures?.close();
    this.samples?.close();
  }

  private videoSource(track: MediaStreamTrack, post: PostToWorker): TrackSource<VideoFrame> {
    const streamed = this.streamed<VideoFrame>(track);
    if (streamed) return streamed;
    const own = track.clone();
    if (isTransferable(own)) {
      this.transfer.push(own as unknown as Transferable);
      return { by: "track", track: own };
    }
    own.stop();
    this.pictures = new PageVideo(track, (frame) => post({ kind: "frame", frame }, [frame]));
    return { by: "page" };
  }

  private audioSource(track: MediaStreamTrack, post: PostToWorker): TrackSource<AudioData> {
    const streamed = this.streamed<AudioData>(track, SOUND_BUFFERS);
    if (streamed) return streamed;
    this.samples = new PageSamples(track, ({ planes, ...rest }) => {
      post(
        { kind: "samples", planes, ...rest },
        planes.map(({ buffer }) => buffer),
      );
    });
    return { by: "page" };
  }

  private streamed<Frame>(track: MediaStreamTrack, maxBufferSize?: number): TrackSource<Frame> | null {
    const Processor = processorClass();
    if (!Processor) return null;
    try {
      const readable: ReadableStream<Frame> = new Processor({ track, ...(maxBufferSize ? { maxBufferSize } : {}) }).readable;
      this.transfer.push(readable);
      return { by: "stream", readable };
    } catch {
      // A browser that has it for pictures only.
      return null;
    }
  }
}

function liveTrack(tracks: readonly MediaStreamTrack[]): MediaStreamTrack | null {
  return tracks.find(({ readyState }) => readyState === "live") ?? null;
}

/** Whether tracks can be given to workers: Safari. A clone is used up by the question, so it is asked with another one. */
function isTransferable(track: MediaStreamTrack): boolean {
  const probe = track.clone();
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(null, [probe as unknown as Transferable]);
    return true;
  } catch {
    return false;
  } finally {
    probe.stop();
    port1.close();
    port2.close();
  }
}
