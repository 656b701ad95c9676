/** Plays a stream on an RTMP connection: play, pause, `receiveAudio`, `receiveVideo`, and the statuses that the player gets. */
import type { Socket } from "node:net";
import type { Admission } from "../../access/admission.ts";
import { SocketSink } from "../http/socket-sink.ts";
import type { Served } from "../served-rendition.ts";
import type { Stream, Viewer } from "../streams/index.ts";
import { onStatus, status, streamBegin, streamEof } from "./commands.ts";
import type { RtmpConnection } from "./connection.ts";
import { rtmpFormat } from "./rtmp-format.ts";

export type PlaybackOptions = {
  readonly chunkSize: number;
  readonly batchMs: () => number;
  readonly events: { readonly joined: (protocol: string, seconds: number) => void };
};

export class Playback {
  private readonly stream: Stream;
  private readonly isWithdrawable: boolean;
  private readonly admission: Admission;
  private readonly streamId: number;
  private readonly socket: Socket;
  private readonly connection: RtmpConnection;
  private readonly options: PlaybackOptions;
  private video = true;
  private audio = true;
  private paused = false;
  private viewer: Viewer | null = null;

  constructor(
    { stream, withdrawable }: Served,
    admission: Admission,
    streamId: number,
    socket: Socket,
    connection: RtmpConnection,
    options: PlaybackOptions,
  ) {
    this.stream = stream;
    this.isWithdrawable = withdrawable;
    this.admission = admission;
    this.streamId = streamId;
    this.socket = socket;
    this.connection = connection;
    this.options = options;
  }

  start(): void {
    const { socket, stream } = this;
    socket.cork();
    this.connection.send(streamBegin(this.streamId));
    this.say("NetStream.Play.Reset", "Playing and resetting.");
    this.say("NetStream.Play.Start", "Live.");
    this.watch();
    socket.uncork();
    this.admission.onWithdrawn(({ code }) => {
      if (this.viewer) stream.dismiss(this.viewer, code);
      else socket.destroy();
    });
  }

  /** The socket can take bytes again. */
  resume(): void {
    if (this.viewer) this.stream.resume(this.viewer);
  }

  /** A paused player leaves the live stream, and joins again at the newest key frame. */
  pause(paused: boolean): void {
    if (paused === this.paused) return;
    this.paused = paused;
    if (paused) this.leave();
    if (paused) this.say("NetStream.Pause.Notify", "Paused.");
    else this.say("NetStream.Unpause.Notify", "Live again.");
    if (!paused) this.watch();
  }

  choose({ video = this.video, audio = this.audio }: { video?: boolean; audio?: boolean }): void {
    if (video === this.video && audio === this.audio) return;
    this.video = video;
    this.audio = audio;
    this.leave();
    if (!this.paused) this.watch();
  }

  stop(): void {
    this.leave();
    this.admission.close();
  }

  private watch(): void {
    const { stream, streamId, video, audio } = this;
    if (!video && !audio) return;
    const begun = performance.now();
    const sink = new SocketSink(this.socket, {
      goodbye: (reason) => {
        this.connection.send(streamEof(streamId));
        this.say("NetStream.Play.UnpublishNotify", `${reason}: The stream has ended.`);
      },
    });
    this.viewer = stream.watch(rtmpFormat({ video, audio, streamId }, this.options.chunkSize), sink, {
      protocol: "rtmp",
      batchMs: this.options.batchMs(),
      isWithdrawable: this.isWithdrawable,
      onJoined: () => {
        this.admission.trace?.joined(stream.trace.publisher);
        this.options.events.joined("rtmp", (performance.now() - begun) / 1000);
      },
    });
  }

  private leave(): void {
    if (this.viewer) this.stream.leave(this.viewer);
    this.viewer = null;
  }

  private say(code: string, description: string): void {
    this.connection.send(onStatus(this.streamId, this.options.chunkSize, status("status", code, description)));
  }
}
