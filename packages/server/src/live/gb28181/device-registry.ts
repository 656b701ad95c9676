/**
 * Provides the devices that are registered: who they are, where they are reached, and until when (GB/T 28181-2016 sections 9.1, 9.5 and 9.6). Answers
 * REGISTER and MESSAGE, and asks each device for its name and its catalogue.
 */
import type { CameraAccount, CameraAccounts, CameraSighting } from "../../contracts/cameras/camera-account.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import { Digest, type DigestAlgorithm } from "./digest.ts";
import { CatalogCollector, type CatalogItem, type ControlMessage, isCamera, readControlMessage, writeQuery } from "./manscdp.ts";
import type { SipPeer, SipSelf } from "./requests.ts";
import { header, parameterOf, type SipHeader, type SipRequest, userOf } from "./sip-message.ts";

export type Registration = {
  readonly device: string;
  account: CameraAccount;
  peer: SipPeer;
  readonly self: SipSelf;
  /** Monotonic milliseconds. */
  expiresAt: number;
  heardAt: number;
  reportedAt: number;
  catalogAt: number;
  readonly catalog: CatalogCollector;
  cancelCatalog: () => void;
};

export type DeviceRegistryOptions = {
  readonly clock: Clock;
  readonly log: Logger;
  readonly accounts: CameraAccounts;
  readonly settings: () => { readonly realm: string; readonly digest: DigestAlgorithm };
  /** The server, as a device sees it. */
  readonly selfFor: (peer: SipPeer) => Promise<SipSelf>;
  /** Sends a query by MESSAGE. */
  readonly query: (registration: Registration, body: Uint8Array) => void;
};

export type Answer = { readonly status: number; readonly headers?: readonly SipHeader[] };

const DEVICE_ID = /^\d{20}$/;
const MAX_DEVICES = 10_000;
const MAX_CAMERAS = 2000;
/** Keep-alives come once a minute; three that are missing make a device gone (section 9.6). */
const SILENT_MS = 200_000;
const REPORT_MS = 30_000;
const EXPIRY_SECONDS = { default: 3600, most: 86_400 } as const;
/** Recorders know their cameras late, and few tell of changes. */
const CATALOG_MS = 600_000;
/** A catalogue of which no more comes is taken as it is. */
const CATALOG_QUIET_MS = 5000;

export class DeviceRegistry {
  private readonly options: DeviceRegistryOptions;
  private readonly digest: Digest;
  private readonly byDevice = new Map<string, Registration>();
  private readonly throttle: LogThrottle;
  private serial = 0;

  constructor(options: DeviceRegistryOptions) {
    this.options = options;
    this.digest = new Digest(() => options.settings().realm, options.clock.monotonic);
    this.throttle = new LogThrottle(options.clock, (count) => options.log.warn({ count }, "gb28181 log lines suppressed"));
  }

  get size(): number {
    return this.byDevice.size;
  }

  /** Null: it is not registered, or has not been heard of for too long. */
  find(device: string): Registration | null {
    const registration = this.byDevice.get(device);
    return registration && this.isAlive(registration) ? registration : null;
  }

  /** Section 9.1. */
  async register(request: SipRequest, peer: SipPeer): Promise<Answer> {
    const { accounts, settings } = this.options;
    const device = userOf(header(request, "from")) ?? "";
    if (!DEVICE_ID.test(device)) return this.refuse(device, peer, "no account");
    const authorization = header(request, "authorization");
    const challenge = (): Answer => {
      const value = this.digest.challenge(settings().digest, authorization !== null);
      return { status: 401, headers: [{ name: "www-authenticate", value }] };
    };
    // Who is not where it says hears no challenge, and costs no look at the accounts.
    if (authorization === null || !this.digest.isFresh(authorization)) return challenge();
    const account = await accounts.account(device);
    if (!account) return this.refuse(device, peer, "no account");
    const attempt = `${peer.host} ${header(request, "call-id")} ${header(request, "cseq")}`;
    const check = this.digest.check(authorization, "REGISTER", device, account.password, attempt);
    if (check === "wrong" || account.password === "") return this.refuse(device, peer, "wrong password");
    if (check !== "ok") return challenge();
    const contact = header(request, "contact");
    const seconds = expirySeconds(header(request, "expires") ?? parameterOf(contact, "expires"));
    if (seconds === 0) this.signOff(device, peer);
    else if (!(await this.signOn(device, account, peer, seconds))) return { status: 503 };
    const granted: SipHeader[] = [
      ...(contact === null ? [] : [{ name: "contact", value: contact }]),
      { name: "expires", value: String(seconds) },
      // Devices set their clock by it: section 9.10.
      { name: "date", value: localTime(this.options.clock.utc()) },
    ];
    return { status: 200, headers: granted };
  }

  /** A notice or an answer of a device. One that is not registered is told so, and registers again. */
  message(request: SipRequest, peer: SipPeer): Answer {
    const registration = this.find(userOf(header(request, "from")) ?? "");
    // Datagrams may have any address: a device that has registered by a connection sends none.
    const isIts = registration?.peer.host === peer.host && registration.peer.protocol === peer.protocol;
    if (!registration || !isIts) return { status: 403 };
    registration.heardAt = this.options.clock.monotonic();
    // Routers change the port of a device.
    registration.peer = peer;
    const message = readControlMessage(request.body);
    if (!message) return { status: 400 };
    this.take(registration, message);
    return { status: 200 };
  }

  /** Forgets the devices that are silent. To be called now and then. */
  sweep(): void {
    for (const registration of this.byDevice.values()) if (!this.isAlive(registration)) this.lose(registration);
  }

  close(): void {
    for (const { cancelCatalog } of this.byDevice.values()) cancelCatalog();
    this.byDevice.clear();
  }

  private take(registration: Registration, message: ControlMessage): void {
    if (message.kind === "catalog") return this.takeCatalog(registration, message);
    if (message.kind === "device-info") {
      const model = [message.manufacturer, message.model].filter((part) => part !== "").join(" ");
      return this.report(registration, { model });
    }
    if (message.kind !== "keepalive") return;
    const now = this.options.clock.monotonic();
    if (now - registration.catalogAt >= CATALOG_MS) this.askCatalog(registration);
    if (now - registration.reportedAt >= REPORT_MS) this.report(registration, {});
  }

  private takeCatalog(registration: Registration, message: Extract<ControlMessage, { kind: "catalog" }>): void {
    registration.cancelCatalog();
    const items = registration.catalog.take(message);
    const finish = (found: readonly CatalogItem[]): void => {
      const cameras = found.filter(isCamera).slice(0, MAX_CAMERAS);
      const channels = cameras.map(({ id, name, model, isOn }) => ({ id, name, model, isOn }));
      this.report(registration, { channels: channels.sort((a, b) => (a.id < b.id ? -1 : 1)) });
    };
    if (items) finish(items);
    else registration.cancelCatalog = this.options.clock.after(CATALOG_QUIET_MS, () => finish(registration.catalog.found()));
  }

  /** False: there is no room for another one. */
  private async signOn(device: string, account: CameraAccount, peer: SipPeer, seconds: number): Promise<boolean> {
    const { clock, log } = this.options;
    const known = this.find(device);
    const now = clock.monotonic();
    const until = { expiresAt: now + seconds * 1000, heardAt: now };
    if (known && known.peer.host === peer.host && JSON.stringify(known.account) === JSON.stringify(account)) {
      Object.assign(known, { ...until, peer });
      this.report(known, {});
      return true;
    }
    if (!known && this.byDevice.size >= MAX_DEVICES) return false;
    const self = await this.options.selfFor(peer);
    const state = { reportedAt: now, catalogAt: now, catalog: new CatalogCollector(), cancelCatalog: () => {} };
    const registration: Registration = { device, account, peer, self, ...until, ...state };
    known?.cancelCatalog();
    this.byDevice.set(device, registration);
    log.info({ device, ip: peer.host, protocol: peer.protocol }, "gb28181 device registered");
    this.report(registration, {});
    // The device has to have the answer to its registration first.
    clock.after(0, () => {
      this.options.query(registration, writeQuery("DeviceInfo", ++this.serial, device));
      this.askCatalog(registration);
    });
    return true;
  }

  private askCatalog(registration: Registration): void {
    registration.catalogAt = this.options.clock.monotonic();
    this.options.query(registration, writeQuery("Catalog", ++this.serial, registration.device));
  }

  private signOff(device: string, peer: SipPeer): void {
    const registration = this.byDevice.get(device);
    if (registration?.peer.host === peer.host) this.lose(registration);
  }

  private lose(registration: Registration): void {
    const { device, peer } = registration;
    registration.cancelCatalog();
    if (this.byDevice.get(device) === registration) this.byDevice.delete(device);
    this.options.log.info({ device, ip: peer.host }, "gb28181 device gone");
    this.tell({ device, onlineUntil: null, host: peer.host });
  }

  private isAlive({ expiresAt, heardAt }: Registration): boolean {
    const now = this.options.clock.monotonic();
    return now < expiresAt && now - heardAt < SILENT_MS;
  }

  private report(registration: Registration, learnt: Pick<CameraSighting, "model" | "channels">): void {
    const { clock } = this.options;
    const { device, peer, expiresAt } = registration;
    registration.reportedAt = clock.monotonic();
    const leftMs = Math.min(expiresAt - registration.reportedAt, SILENT_MS);
    this.tell({ device, onlineUntil: clock.utc() + leftMs, host: peer.host, ...learnt });
  }

  private tell(sighting: CameraSighting): void {
    const { accounts, log } = this.options;
    accounts.seen(sighting).catch((error: unknown) => {
      if (this.throttle.allow()) log.warn({ device: sighting.device, reason: String(error) }, "gb28181 device not stored");
    });
  }

  private refuse(device: string, { host }: SipPeer, reason: string): Answer {
    if (this.throttle.allow()) this.options.log.warn({ device, ip: host, reason }, "gb28181 device refused");
    return { status: 403 };
  }
}

function expirySeconds(text: string | null): number {
  if (text === null || !/^\s*\d{1,9}\s*$/.test(text)) return EXPIRY_SECONDS.default;
  return Math.min(Number(text), EXPIRY_SECONDS.most);
}

/** Local time without a zone, as the standard writes it. */
function localTime(utc: number): string {
  const local = new Date(utc);
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, -1);
}
