/** Pulls from a camera that has registered by GB/T 28181: asks the SIP server to call it, and receives what it sends. */
import type { MediaTransport } from "../../contracts/cameras/camera-account.ts";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { CameraStream } from "../gb28181/camera-stream.ts";
import { G711Encoder } from "../gb28181/g711-encoder.ts";
import { type MediaReceiver, openMediaReceiver } from "../gb28181/media-receiver.ts";
import { ownAddressTowards } from "../gb28181/own-address.ts";
import type { SourceMessage } from "../streams/index.ts";
import { messageOf, type Source, type SourceContext, type SourceEvents } from "./source.ts";

type Camera = { readonly device: string; readonly channel: string };

const HOLD_MS = 10_000;

export function openCamera(camera: Camera, context: SourceContext, events: SourceEvents): Source {
  const source = new CameraSource(camera, context, events);
  source.open().catch((error: unknown) => source.end({ code: "unreachable", detail: messageOf(error) }));
  return { close: () => source.close(), pid: () => null };
}

class CameraSource {
  private readonly camera: Camera;
  private readonly context: SourceContext;
  private readonly events: SourceEvents;
  private readonly encoder: G711Encoder;
  private readonly closers: (() => void)[] = [];
  private closed = false;

  constructor(camera: Camera, context: SourceContext, events: SourceEvents) {
    const { clock, command } = context;
    this.camera = camera;
    this.context = context;
    this.events = events;
    this.encoder = new G711Encoder({ clock, command, onMessage: (message) => this.give(message) });
    this.closers.push(() => this.encoder.close());
  }

  async open(): Promise<void> {
    const { cameras, school, isAllowed } = this.context;
    const { device } = this.camera;
    const found = await cameras.ask({ kind: "find", device, school });
    if (found?.kind !== "found") return this.end(found?.kind === "problem" ? found.problem : notRegistered(device));
    const senders = new Set([found.host]);
    const receiver = await this.receive(found.transport, senders);
    this.closers.push(receiver.close);
    if (this.closed) return receiver.close();
    const host = cameras.address === "" ? await ownAddressTowards(found.host) : cameras.address;
    if (host === null) return this.end({ code: "unreachable", detail: `There is no way to ${found.host}.` });
    const called = await cameras.ask({ kind: "invite", ...this.camera, school, host, port: receiver.port });
    if (called?.kind !== "invited") return this.end(called?.kind === "problem" ? called.problem : notRegistered(device));
    const { session } = called;
    const hangUp = () => void cameras.ask({ kind: "end", session }).catch(() => {});
    if (this.closed) return hangUp();
    this.closers.push(hangUp);
    senders.add(called.host);
    this.hold(session);
    if (found.transport !== "tcp-active") return;
    // A device may name its own address, and no other one that it wants to have called.
    const isOwn = called.host === found.host || isAllowed(called.host);
    receiver.connect(isOwn ? called.host : found.host, called.port);
  }

  end(problem: JobProblem): void {
    if (this.closed) return;
    this.close();
    this.events.onEnd(problem);
  }

  close(): void {
    this.closed = true;
    for (const each of this.closers.splice(0)) each();
  }

  private receive(transport: MediaTransport, senders: ReadonlySet<string>): Promise<MediaReceiver> {
    const { clock, cameras } = this.context;
    const stream = new CameraStream({
      onMessage: (message) => this.give(message),
      onG711: (law, bytes, pts) => this.encoder.push(law, bytes, pts),
      onUnsupported: (problem) => this.end(problem),
      isDatagrams: transport === "udp",
      now: clock.monotonic,
    });
    return openMediaReceiver({
      transport,
      ports: cameras.ports,
      isFrom: (host) => senders.has(host),
      onPacket: (bytes) => {
        if (this.closed) return;
        this.events.onHeard();
        stream.push(bytes);
      },
      onEnd: (detail) => this.end({ code: "ended", detail }),
    });
  }

  private hold(session: string): void {
    const { clock, cameras } = this.context;
    const ask = (): void => {
      if (this.closed) return;
      cameras.ask({ kind: "hold", session }).then(
        (answer) => {
          if (answer?.kind === "problem") this.end(answer.problem);
          else if (!answer) this.end({ code: "ended", detail: "The camera has ended the call, or the SIP server was restarted." });
          else this.hold(session);
        },
        // A control process that is busy is asked again.
        () => this.hold(session),
      );
    };
    clock.after(HOLD_MS, ask);
  }

  private give(message: SourceMessage): void {
    if (!this.closed) this.events.onMessage(message);
  }
}

function notRegistered(device: string): JobProblem {
  return { code: "unreachable", detail: `Device ${device} is not registered.` };
}
