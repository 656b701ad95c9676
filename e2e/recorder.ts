/**
 * Provides a recorder of GB/T 28181 for tests: registers, answers queries with its catalogue in several messages, and sends a picture when it is
 * invited. It has its own small SIP, which writes what recorders of Hikvision and Dahua were seen to write.
 */
import { createHash } from "node:crypto";
import type { Scope } from "./lectern.ts";
import { type RecorderVideo, sendFrames } from "./recorder-frames.ts";
import { openLink, openMedia, type RecorderServer, type SipText } from "./recorder-sockets.ts";

export type RecorderOptions = RecorderServer &
  RecorderVideo & {
    readonly code: string;
    readonly password: string;
    readonly channels: readonly { readonly code: string; readonly name: string }[];
  };

type Link = Awaited<ReturnType<typeof openLink>>;
type Sending = { readonly channel: string; readonly stop: () => void };

const HOST = "127.0.0.1";
const ITEMS_PER_MESSAGE = 4;
const REALM_DIGITS = 10;

export async function startRecorder(t: Scope, options: RecorderOptions): Promise<Recorder> {
  let recorder: Recorder | null = null;
  const link = await openLink(options, (message) => recorder?.take(message));
  recorder = new Recorder(options, link);
  t.after(() => recorder?.close());
  return recorder;
}

export class Recorder {
  /** First lines of all messages that it got. */
  readonly got: string[] = [];
  private readonly options: RecorderOptions;
  private readonly link: Link;
  private readonly realm: string;
  private readonly calls = new Map<string, Sending>();
  /** What is sent once the message before it is acknowledged: annex N of the standard. */
  private readonly queue: string[] = [];
  private sequence = 0;

  constructor(options: RecorderOptions, link: Link) {
    this.options = options;
    this.link = link;
    this.realm = options.server.id.slice(0, REALM_DIGITS);
  }

  /** Channels that it sends now. */
  sending(): readonly string[] {
    return [...this.calls.values()].map(({ channel }) => channel).sort();
  }

  /** A contact without a host and a port, as some Hikvision write it behind routers. */
  register(authorization: readonly string[] = []): void {
    this.request("REGISTER", [`m: <sip:${this.options.code}@>`, "Expires: 3600", ...authorization]);
  }

  keepAlive(): void {
    const { code } = this.options;
    this.message(
      `<?xml version="1.0"?><Notify><CmdType>Keepalive</CmdType><SN>1</SN><DeviceID>${code}</DeviceID><Status>OK</Status></Notify>`,
    );
  }

  close(): void {
    for (const each of this.calls.values()) each.stop();
    this.calls.clear();
    this.link.close();
  }

  take(received: SipText): void {
    const { first, headers } = received;
    this.got.push(first);
    if (first.startsWith("SIP/2.0 401")) return this.prove(received);
    if (first.startsWith("SIP/2.0")) return headers.get("cseq")?.includes("MESSAGE") ? this.next() : undefined;
    if (first.startsWith("MESSAGE")) {
      this.answer(received, "200 OK");
      return this.query(received.body);
    }
    if (first.startsWith("INVITE")) return void this.invited(received);
    if (!first.startsWith("BYE")) return;
    const id = headers.get("call-id") ?? "";
    this.answer(received, this.calls.has(id) ? "200 OK" : "481 Call/Transaction Does Not Exist");
    this.calls.get(id)?.stop();
    this.calls.delete(id);
  }

  private request(method: string, lines: readonly string[], body = ""): void {
    const { server, code, protocol } = this.options;
    const number = ++this.sequence;
    const head = [
      `${method} sip:${server.id}@${this.realm} SIP/2.0`,
      // Without rport, as some Dahua write it.
      `v: SIP/2.0/${protocol} ${HOST}:${this.link.port};branch=z9hG4bK${number}`,
      `from: <sip:${code}@${this.realm}>;tag=${number}`,
      `To: <sip:${method === "REGISTER" ? code : server.id}@${this.realm}>`,
      `CALL-ID: ${number}`,
      `CSeq: ${number} ${method}`,
      "Max-Forwards: 70",
      ...lines,
      `Content-length: ${Buffer.byteLength(body)}`,
    ];
    this.link.send(`${head.join("\r\n")}\r\n\r\n${body}`);
  }

  private message(xml: string): void {
    this.request("MESSAGE", ["Content-Type: Application/MANSCDP+xml"], xml);
  }

  private answer(to: SipText, status: string, lines: readonly string[] = [], body = ""): void {
    const copied = ["from", "to", "call-id", "cseq"].map((name) => `${name}: ${to.headers.get(name)}`);
    const tagged = copied.map((line) => (line.startsWith("to:") && !line.includes("tag=") ? `${line};tag=77` : line));
    const head = [`SIP/2.0 ${status}`, ...to.vias.map((via) => `Via: ${via}`), ...tagged, ...lines];
    this.link.send(`${head.join("\r\n")}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  private prove({ headers }: SipText): void {
    const { server, code, password } = this.options;
    const given = (headers.get("www-authenticate") ?? "").matchAll(/(\w+)="([^"]*)"/g);
    const fields = new Map([...given].map(([, name, value]) => [name, value]));
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    const [realm, nonce, uri] = [fields.get("realm"), fields.get("nonce"), `sip:${server.id}@${this.realm}`];
    const response = md5(`${md5(`${code}:${realm}:${password}`)}:${nonce}:00000001:0a4f113b:auth:${md5(`REGISTER:${uri}`)}`);
    const parts = [`username="${code}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`, `response="${response}"`];
    this.register([`Authorization: Digest ${parts.join(", ")}, algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001`]);
  }

  private query(xml: string): void {
    const { channels, code } = this.options;
    const serial = /<SN>(\d+)<\/SN>/.exec(xml)?.[1] ?? "";
    const response = (command: string, content: string) =>
      `<?xml version="1.0" encoding="GB2312"?>\r\n<Response>\r\n<CmdType>${command}</CmdType>\r\n<SN>${serial}</SN><DeviceID>${code}</DeviceID>${content}</Response>`;
    const about = "<Result>OK</Result><DeviceName>NVR</DeviceName><Manufacturer>Hikvision</Manufacturer><Model>DS-7616N</Model>";
    if (xml.includes("<CmdType>DeviceInfo<")) this.queue.push(response("DeviceInfo", about));
    if (xml.includes("<CmdType>Catalog<"))
      for (let at = 0; at < channels.length; at += ITEMS_PER_MESSAGE) {
        const items = channels.slice(at, at + ITEMS_PER_MESSAGE).map(itemOf);
        const list = `<DeviceList Num="${items.length}">${items.join("")}</DeviceList>`;
        this.queue.push(response("Catalog", `<SumNum>${channels.length}</SumNum>${list}`));
      }
    this.next();
  }

  private next(): void {
    const xml = this.queue.shift();
    if (xml !== undefined) this.message(xml);
  }

  private async invited(invitation: SipText): Promise<void> {
    const { first, headers, body } = invitation;
    const channel = /sip:(\d{20})@/.exec(first)?.[1] ?? "";
    const id = headers.get("call-id") ?? "";
    // A copy of an invitation that was answered.
    if (this.calls.has(id)) return;
    this.answer(invitation, "100 Trying");
    const ssrc = /^y=(\d+)/m.exec(body)?.[1] ?? "";
    const isTcp = body.includes("TCP/RTP/AVP");
    const target = { host: /^c=IN IP4 (\S+)/m.exec(body)?.[1] ?? "", port: Number(/^m=video (\d+)/m.exec(body)?.[1]) };
    const waits = body.includes("a=setup:active");
    const { port, send, close } = await openMedia(isTcp, waits, target);
    const setup = isTcp ? [`a=setup:${waits ? "passive" : "active"}`, "a=connection:new"] : [];
    const session = ["v=0", `o=${channel} 0 0 IN IP4 ${HOST}`, "s=Play", `c=IN IP4 ${HOST}`, "t=0 0"];
    const media = [`m=video ${port} ${isTcp ? "TCP/RTP/AVP" : "RTP/AVP"} 96`, "a=sendonly", "a=rtpmap:96 PS/90000", ...setup];
    this.answer(invitation, "200 OK", ["Content-Type: APPLICATION/SDP"], [...session, ...media, `y=${ssrc}`, ""].join("\r\n"));
    const end = sendFrames(this.options, Number(ssrc), send);
    const stop = (): void => {
      end();
      close();
    };
    this.calls.set(id, { channel, stop });
  }
}

function itemOf({ code, name }: RecorderOptions["channels"][number]): string {
  const about = "<Manufacturer>Hikvision</Manufacturer><Model>IP Camera</Model><Parental>0</Parental><Status>ON</Status>";
  return `<Item><DeviceID>${code}</DeviceID><Name>${name}</Name>${about}</Item>`;
}
