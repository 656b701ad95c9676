/** Publishes a clip as an encoder does, by RTMP, or as a browser does where UDP does not pass, by WebSocket. */
import { CHUNK_STREAM, MESSAGE_TYPE, writeChunks, writeTag } from "@lectern/media";
import { CLIENT_CHUNK_SIZE, connectRtmp } from "../../live/rtmp/client.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Clip, ClipLoop } from "./clip-loop.ts";
import { codeOfClose, targetOf } from "./viewer.ts";
import { WebSocketLine } from "./websocket-line.ts";

export type PublisherOptions = {
  readonly clip: Clip;
  /** `rtmp://HOST/APP/NAME?key=KEY`, or `http(s)://HOST/APP/NAME/publish?key=KEY` */
  readonly url: URL;
  /** @param milliseconds from the connection until media may be sent */
  readonly onReady: (milliseconds: number) => void;
  /** Called once, and not after `close`. */
  readonly onEnd: (code: string) => void;
};

export type Publisher = {
  /** When a frame of this time was sent, milliseconds of this process; null: nothing is sent yet. */
  readonly sentAt: (timestamp: number) => number | null;
  /** Bytes that wait for the network. */
  readonly bufferedBytes: () => number;
  readonly close: () => void;
};

type Send = (type: number, timestamp: number, body: Uint8Array) => void;

const STEP_MS = 10;
const RTMP_PORT = 1935;

export function startPublisher(options: PublisherOptions): Publisher {
  return options.url.protocol.startsWith("rtmp") ? byRtmp(options) : byWebSocket(options);
}

function byRtmp({ clip, url, onReady, onEnd }: PublisherOptions): Publisher {
  const begun = performance.now();
  const playing = new Playing(clip);
  const client = connectRtmp({
    url,
    address: { host: url.hostname, port: url.port === "" ? RTMP_PORT : Number(url.port) },
    intent: "publish",
    clock: systemClock,
    onReady: (streamId) => {
      onReady(performance.now() - begun);
      playing.start((type, timestamp, body) => {
        const stream = type === MESSAGE_TYPE.video ? CHUNK_STREAM.video : CHUNK_STREAM.audio;
        client.write(writeChunks({ type, streamId, timestamp, payload: body }, stream, CLIENT_CHUNK_SIZE));
      });
    },
    onMessage: () => {},
    onDrain: () => {},
    onClosed: ({ code }) => {
      playing.stop();
      onEnd(code);
    },
  });
  return {
    sentAt: (timestamp) => playing.sentAt(timestamp),
    bufferedBytes: () => client.bufferedBytes(),
    close: () => {
      playing.stop();
      client.close();
    },
  };
}

function byWebSocket({ clip, url, onReady, onEnd }: PublisherOptions): Publisher {
  const playing = new Playing(clip);
  let isClosed = false;
  const line: WebSocketLine = new WebSocketLine({
    target: targetOf(url),
    path: url.pathname + url.search,
    protocol: "lectern.flv.v1",
    onOpen: () => {
      onReady(performance.now() - line.openedAt);
      playing.start((type, timestamp, body) => line.sendBinary(writeTag(type, timestamp, [body])));
    },
    onText: () => {},
    onClose: (reason) => {
      playing.stop();
      if (!isClosed) onEnd(codeOfClose(reason));
      isClosed = true;
    },
  });
  return {
    sentAt: (timestamp) => playing.sentAt(timestamp),
    bufferedBytes: () => line.bufferedBytes,
    close: () => {
      isClosed = true;
      playing.stop();
      line.close();
    },
  };
}

/** Sends a clip at the speed of its media, from when it is started. */
class Playing {
  private readonly clip: Clip;
  private begun: number | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(clip: Clip) {
    this.clip = clip;
  }

  start(send: Send): void {
    const loop = new ClipLoop(this.clip);
    const begun = performance.now();
    this.begun = begun;
    const step = () => loop.send(performance.now() - begun, ({ type, body }, timestamp) => send(type, timestamp, body));
    step();
    this.timer = setInterval(step, STEP_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  sentAt(timestamp: number): number | null {
    return this.begun === null ? null : this.begun + timestamp;
  }
}
