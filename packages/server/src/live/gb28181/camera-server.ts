/**
 * Provides the SIP server of GB/T 28181: cameras and recorders register here, are asked for their catalogues, and are called when somebody wants to
 * see them (GB/T 28181-2016 and 2022, sections 9.1, 9.2, 9.5 and 9.6). Control of cameras (PTZ), recordings on devices and talk-back are not here.
 */
import { randomBytes } from "node:crypto";
import type { CameraAccounts } from "../../contracts/cameras/camera-account.ts";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { CameraCalls } from "./camera-calls.ts";
import type { CameraAnswer, CameraRequest } from "./camera-messages.ts";
import { type Answer, DeviceRegistry, type Registration } from "./device-registry.ts";
import type { DigestAlgorithm } from "./digest.ts";
import { ownAddressTowards } from "./own-address.ts";
import { answerTo, type SipPeer, type SipSelf, writeRequest } from "./requests.ts";
import { RequestsInFlight } from "./requests-in-flight.ts";
import type { SipMessage, SipRequest } from "./sip-message.ts";
import { openSipSockets, type SipSockets } from "./sip-sockets.ts";

export type CameraServerSettings = {
  readonly host: string;
  readonly port: number;
  /** 20 digits. */
  readonly id: string;
  /** Empty: the first ten digits of the id. */
  readonly realm: string;
  readonly digest: DigestAlgorithm;
  /** Where devices reach this machine; empty: its address on the way to them. */
  readonly address: string;
};

export type CameraServerOptions = {
  readonly settings: CameraServerSettings;
  readonly accounts: CameraAccounts;
  readonly clock: Clock;
  readonly log: Logger;
};

export type CameraServer = {
  /** Null: the device, or the session, is not here. */
  readonly camera: (request: CameraRequest) => Promise<CameraAnswer | null>;
  readonly counts: () => { readonly devices: number; readonly calls: number };
  readonly close: () => Promise<void>;
};

const SWEEP_MS = 5000;
/** Of one address: a recorder of hundreds of channels sends its catalogue in as many messages. */
const RATE = { burst: 2000, perSecond: 200 } as const;
/** A call's last words are sent before the sockets close. */
const LAST_WORDS_MS = 50;
const METHODS = "REGISTER, MESSAGE, BYE, NOTIFY, OPTIONS";

/** @throws where the port is taken */
export async function startCameraServer(options: CameraServerOptions): Promise<CameraServer> {
  const server = new SipServer(options);
  await server.listen();
  return {
    camera: (request) => server.camera(request),
    counts: () => server.counts(),
    close: () => server.close(),
  };
}

class SipServer {
  private readonly options: CameraServerOptions;
  private readonly realm: string;
  private readonly rates: RateLimit;
  private readonly requests: RequestsInFlight;
  private readonly registry: DeviceRegistry;
  private readonly calls: CameraCalls;
  private sockets: SipSockets | null = null;
  private sequence = 0;
  private cancelSweep = () => {};

  constructor(options: CameraServerOptions) {
    const { settings, clock, log, accounts } = options;
    this.options = options;
    this.realm = settings.realm === "" ? settings.id.slice(0, 10) : settings.realm;
    this.rates = new RateLimit(RATE, clock.monotonic);
    this.requests = new RequestsInFlight(clock);
    this.registry = new DeviceRegistry({
      clock,
      log,
      accounts,
      settings: () => ({ realm: this.realm, digest: settings.digest }),
      selfFor: (peer) => this.selfFor(peer),
      query: (registration, body) => void this.query(registration, body),
    });
    this.calls = new CameraCalls({ clock, log, send: (message, peer) => this.send(message, peer) });
  }

  async listen(): Promise<void> {
    const { log, settings } = this.options;
    const { host, port, id } = settings;
    this.sockets = await openSipSockets({ host, port, onMessage: (message, peer) => void this.take(message, peer) });
    this.sweep();
    log.info({ port, id, realm: this.realm }, "gb28181 server listening");
  }

  async camera(request: CameraRequest): Promise<CameraAnswer | null> {
    const { calls, registry, options } = this;
    if (request.kind === "hold") return calls.has(request.session) ? calls.hold(request.session) : null;
    if (request.kind === "end") return calls.has(request.session) ? calls.end(request.session) : null;
    const registration = registry.find(request.device);
    if (!registration) return null;
    const account = await options.accounts.account(request.device);
    if (!account) return { kind: "problem", problem: NOT_ENABLED };
    registration.account = account;
    // A school sees its own cameras, whatever it writes into the address of a source.
    if (account.school !== request.school) return { kind: "problem", problem: NOT_OWN };
    if (request.kind === "find") return { kind: "found", host: registration.peer.host, transport: account.transport };
    return await calls.invite(registration, request);
  }

  counts(): { readonly devices: number; readonly calls: number } {
    return { devices: this.registry.size, calls: this.calls.size };
  }

  async close(): Promise<void> {
    this.cancelSweep();
    this.calls.close();
    this.requests.close();
    this.registry.close();
    await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
    await this.sockets?.close();
  }

  private async take(message: SipMessage, peer: SipPeer): Promise<void> {
    if (this.rates.take([peer.host]) > 0) return;
    if (message.kind === "response") {
      if (!this.requests.answered(message)) this.calls.answered(message, peer);
      return;
    }
    // Where the database does not answer, the device tries again.
    const answer = await this.answerOf(message, peer).catch((error: unknown): Answer => {
      this.options.log.warn({ reason: String(error), ip: peer.host }, "gb28181 request not answered");
      return { status: 503 };
    });
    if (answer) this.send(answerTo(message, answer.status, { peer, toTag: token(), headers: answer.headers ?? [] }), peer);
  }

  private async answerOf(request: SipRequest, peer: SipPeer): Promise<Answer | null> {
    switch (request.method) {
      case "REGISTER":
        return await this.registry.register(request, peer);
      case "MESSAGE":
        return this.registry.message(request, peer);
      case "BYE":
        return { status: this.calls.bye(request, peer) ? 200 : 481 };
      case "OPTIONS":
      case "NOTIFY":
        return { status: 200 };
      case "ACK":
        return null;
      default:
        return { status: 405, headers: [{ name: "allow", value: METHODS }] };
    }
  }

  private async query({ device, peer, self }: Registration, body: Uint8Array): Promise<void> {
    const request = writeRequest({
      method: "MESSAGE",
      to: device,
      peer,
      self,
      sequence: ++this.sequence,
      toTag: null,
      body,
      callId: `${token()}@${self.host}`,
      fromTag: token(),
      branch: `z9hG4bK${token()}`,
      headers: [{ name: "content-type", value: "Application/MANSCDP+xml" }],
    });
    const answer = await this.requests.send(request, peer, (message) => this.send(message, peer));
    if (answer?.status !== 200)
      this.options.log.info({ device, status: answer?.status ?? null }, "gb28181 device does not answer a query");
  }

  private async selfFor({ host }: SipPeer): Promise<SipSelf> {
    const { id, address, host: listens, port } = this.options.settings;
    const own = address === "" ? await ownAddressTowards(host) : address;
    return { id, realm: this.realm, host: own ?? listens, port };
  }

  private send(message: SipMessage, peer: SipPeer): void {
    this.sockets?.send(message, peer);
  }

  private sweep(): void {
    this.registry.sweep();
    this.calls.sweep();
    this.cancelSweep = this.options.clock.after(SWEEP_MS, () => this.sweep());
  }
}

const NOT_ENABLED: JobProblem = { code: "not-allowed", detail: "The device is not enabled." };
const NOT_OWN: JobProblem = { code: "not-allowed", detail: "The device belongs to another school." };

function token(): string {
  return randomBytes(9).toString("hex");
}
