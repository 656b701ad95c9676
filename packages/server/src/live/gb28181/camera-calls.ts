/** Provides the calls to cameras: one dialog for each picture that a media worker wants. A call that no worker holds any more is ended. */
import { randomBytes } from "node:crypto";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import type { CameraAnswer, CameraRequest } from "./camera-messages.ts";
import type { Registration } from "./device-registry.ts";
import { type Dialog, type DialogAction, type DialogEvent, newDialog, stepDialog } from "./dialog.ts";
import { liveSsrc, readAnswer, shownSsrc, writeOffer } from "./media-description.ts";
import type { SipPeer } from "./requests.ts";
import { header, type SipMessage, type SipRequest, type SipResponse } from "./sip-message.ts";

export type CameraCallsOptions = {
  readonly clock: Clock;
  readonly log: Logger;
  readonly send: (message: SipMessage, peer: SipPeer) => void;
};

type Call = {
  dialog: Dialog;
  readonly registration: Registration;
  readonly channel: string;
  readonly ssrc: number;
  heldAt: number;
  cancelTimer: () => void;
  /** Why it is of no use any more. */
  problem: JobProblem | null;
  /** Called once, with the answer of the device. */
  answer: (answer: CameraAnswer) => void;
};

/** Workers hold their calls every ten seconds. */
const UNHELD_MS = 35_000;
const MAX_CALLS = 5000;

export class CameraCalls {
  private readonly options: CameraCallsOptions;
  private readonly byId = new Map<string, Call>();
  private number = 0;

  constructor(options: CameraCallsOptions) {
    this.options = options;
  }

  get size(): number {
    return this.byId.size;
  }

  has(session: string): boolean {
    return this.byId.has(session);
  }

  invite(registration: Registration, of: Extract<CameraRequest, { kind: "invite" }>): Promise<CameraAnswer> {
    const { device, channel, host, port } = of;
    if (this.byId.size >= MAX_CALLS)
      return Promise.resolve({ kind: "problem", problem: { code: "overloaded", detail: `There are ${MAX_CALLS} calls already.` } });
    const { self, peer, account } = registration;
    const ssrc = liveSsrc(self.id, ++this.number);
    const offer = writeOffer({ channelId: channel, host, port, transport: account.transport, ssrc });
    const callId = `${randomBytes(12).toString("hex")}@${self.host}`;
    const dialog = newDialog({
      to: channel,
      peer,
      self,
      callId,
      sequence: 1,
      fromTag: randomBytes(6).toString("hex"),
      branch: `z9hG4bK${randomBytes(9).toString("hex")}`,
      headers: [
        { name: "subject", value: `${channel}:${shownSsrc(ssrc)},${self.id}:0` },
        { name: "content-type", value: "Application/SDP" },
      ],
      body: Buffer.from(offer),
    });
    return new Promise((answer) => {
      const call: Call = {
        dialog,
        registration,
        channel,
        ssrc,
        answer,
        heldAt: this.options.clock.monotonic(),
        cancelTimer: () => {},
        problem: null,
      };
      this.byId.set(callId, call);
      this.options.log.info({ device, channel, transport: account.transport }, "gb28181 camera called");
      this.step(callId, call, { kind: "start" });
    });
  }

  hold(session: string): CameraAnswer {
    const call = this.byId.get(session);
    if (!call || call.problem) return { kind: "problem", problem: call?.problem ?? GONE };
    call.heldAt = this.options.clock.monotonic();
    return { kind: "done" };
  }

  end(session: string): CameraAnswer {
    const call = this.byId.get(session);
    if (call) this.step(session, call, { kind: "hang-up" });
    return { kind: "done" };
  }

  /** A device says BYE. False: there is no such call with it. */
  bye(request: SipRequest, peer: SipPeer): boolean {
    const id = header(request, "call-id") ?? "";
    const call = this.byId.get(id);
    if (call?.registration.peer.host !== peer.host) return false;
    this.step(id, call, { kind: "bye" });
    return true;
  }

  answered(response: SipResponse, peer: SipPeer): void {
    const id = header(response, "call-id") ?? "";
    const call = this.byId.get(id);
    if (call?.registration.peer.host === peer.host) this.step(id, call, { kind: "response", response });
  }

  /** Ends what nobody holds. To be called now and then. */
  sweep(): void {
    const until = this.options.clock.monotonic() - UNHELD_MS;
    for (const [id, call] of this.byId) if (call.heldAt < until) this.step(id, call, { kind: "hang-up" });
  }

  /** Tells all devices to stop. */
  close(): void {
    for (const [id, call] of this.byId) {
      this.step(id, call, { kind: "hang-up" });
      call.cancelTimer();
    }
    this.byId.clear();
  }

  private step(id: string, call: Call, event: DialogEvent): void {
    // A device that registers again may be reached elsewhere by now.
    const peer = call.registration.peer;
    const { dialog, actions } = stepDialog({ ...call.dialog, invite: { ...call.dialog.invite, peer } }, event);
    call.dialog = dialog;
    for (const action of actions) this.act(id, call, action);
    if (dialog.phase !== "over") return;
    call.cancelTimer();
    this.byId.delete(id);
  }

  private act(id: string, call: Call, action: DialogAction): void {
    const { clock, log, send } = this.options;
    const { registration, channel, ssrc } = call;
    switch (action.kind) {
      case "send":
        return send(action.message, registration.peer);
      case "timer":
        call.cancelTimer();
        call.cancelTimer = clock.after(action.ms, () => this.step(id, call, { kind: "timer" }));
        return;
      case "established": {
        call.cancelTimer();
        const answer = readAnswer(new TextDecoder().decode(action.body));
        if (!answer) {
          call.answer({ kind: "problem", problem: NO_VIDEO });
          return void queueMicrotask(() => this.end(id));
        }
        const host = answer.host === "" ? registration.peer.host : answer.host;
        return call.answer({ kind: "invited", session: id, ssrc: answer.ssrc ?? ssrc, host, port: answer.port });
      }
      case "ended":
        call.problem = action.problem;
        log.info({ device: registration.device, channel, ...action.problem }, "gb28181 call ended");
        return call.answer({ kind: "problem", problem: action.problem });
    }
  }
}

const GONE: JobProblem = { code: "ended", detail: "The call to the camera has ended." };
const NO_VIDEO: JobProblem = { code: "unsupported", detail: "The device's answer has no video." };
