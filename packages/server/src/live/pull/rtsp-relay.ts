/**
 * Stands between ffmpeg and an RTSP server, on loopback, so that ffmpeg connects to nothing but this machine.
 *
 * ffmpeg follows redirects of RTSP to any host and has no option against it; a camera outside could lead it to one inside. The relay connects
 * to the address that was checked, reads the server's answers (RFC 2326), and passes on neither a redirect nor another address for media.
 * Media on the same connection (section 10.12) passes as it is; what the description says of sound is mended (`described-sound.ts`).
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { mendSound } from "./described-sound.ts";
import { messageOf } from "./source.ts";

export type RtspRelay = {
  /** Resolves with the port at 127.0.0.1 that ffmpeg has to connect to, once. */
  readonly port: Promise<number>;
  readonly close: () => void;
};

export type RtspRelayOptions = {
  /** Looked up and allowed. */
  readonly host: string;
  readonly port: number;
  /** Called once: why nothing is passed on any more. Not after `close`. */
  readonly onProblem: (problem: JobProblem) => void;
  /** The sound cannot be understood, and is left out. */
  readonly onSoundUnknown: () => void;
};

const MAX_HEAD_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 256 * 1024;
const DOLLAR = 0x24;
const LINE_FEED = 0x0a;
const FRAME_HEADER_SIZE = 4;
const NOTHING = Buffer.alloc(0);

export function startRtspRelay({ host, port, onProblem, onSoundUnknown }: RtspRelayOptions): RtspRelay {
  const sockets = new Set<Socket>();
  let over = false;
  const close = (): void => {
    over = true;
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const fail = (problem: JobProblem): void => {
    if (over) return;
    close();
    onProblem(problem);
  };
  const server: Server = createServer((client) => {
    // ffmpeg connects once; nobody else is let in.
    server.close();
    const upstream = connect({ host, port });
    for (const socket of [client, upstream]) sockets.add(socket.setNoDelay(true));
    const answers = new RtspAnswers(host, onSoundUnknown);
    let connected = false;
    upstream.on("connect", () => {
      connected = true;
    });
    upstream.on("data", (bytes) => {
      const passed = answers.push(bytes);
      if ("code" in passed) return fail(passed);
      if (!client.write(passed.bytes)) {
        upstream.pause();
        client.once("drain", () => upstream.resume());
      }
    });
    client.on("data", (bytes) => {
      upstream.write(bytes);
    });
    upstream.on("error", (error) => {
      if (!connected) fail({ code: "unreachable", detail: messageOf(error) });
      client.destroy();
    });
    upstream.on("end", () => client.end());
    client.on("error", () => upstream.destroy());
    client.on("close", () => upstream.destroy());
  });
  const listening = new Promise<number>((resolve) => {
    server.on("error", (error) => fail({ code: "program-failed", detail: messageOf(error) }));
    server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve(address.port);
    });
  });
  return { port: listening, close };
}

type Head = {
  readonly lines: readonly string[];
  /** Of the body, bytes. */
  readonly length: number;
  /** The body says what the media are (RFC 2326 section 10.2). */
  readonly isDescription: boolean;
};

/** What the server says, as far as it may be passed on. */
export class RtspAnswers {
  private readonly host: string;
  private readonly onSoundUnknown: () => void;
  private rest: Buffer = NOTHING;
  /** Bytes of media or of a body that are still to come, and pass as they are. */
  private passing = 0;

  /** @param host the checked address, which media over UDP may come from */
  constructor(host: string, onSoundUnknown: () => void = () => {}) {
    this.host = host;
    this.onSoundUnknown = onSoundUnknown;
  }

  /** Takes bytes in any pieces. Gives those that pass; heads are passed on when they are whole. */
  push(bytes: Buffer): { readonly bytes: Buffer } | JobProblem {
    const out: Buffer[] = [];
    let left = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    this.rest = NOTHING;
    while (left.length > 0) {
      if (this.passing > 0) {
        const part = left.subarray(0, this.passing);
        this.passing -= part.length;
        left = left.subarray(part.length);
        out.push(part);
      } else if (left[0] === DOLLAR) {
        if (left.length < FRAME_HEADER_SIZE) break;
        this.passing = FRAME_HEADER_SIZE + left.readUInt16BE(2);
      } else {
        const size = headSize(left);
        if (size === 0) {
          if (left.length > MAX_HEAD_BYTES) return { code: "not-media", detail: "An RTSP answer with a very long head." };
          break;
        }
        const head = this.readHead(left.subarray(0, size).toString("latin1"));
        if ("code" in head) return head;
        const end = size + (head.isDescription ? head.length : 0);
        // A description is read whole: what it says may have to be mended.
        if (left.length < end) break;
        out.push(head.isDescription ? this.describe(head, left.subarray(size, end)) : writeHead(head, head.length));
        this.passing = head.isDescription ? 0 : head.length;
        left = left.subarray(end);
      }
    }
    // A copy: what is left may be a view of a large buffer.
    this.rest = Buffer.from(left);
    return { bytes: Buffer.concat(out) };
  }

  /** What was read of a head, and is written again of it, so that ffmpeg cannot read anything else in it. */
  private readHead(text: string): Head | JobProblem {
    const [first = "", ...fields] = text
      .split("\n")
      .map((line) => line.replace(/\r$/, ""))
      .filter((line) => line !== "");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ffmpeg may end a line at these
    if ([first, ...fields].some((line) => /^\$|[\x00-\x08\x0a-\x1f]/.test(line)))
      return { code: "not-media", detail: "An RTSP answer with characters that are no text." };
    const status = /^RTSP\/\d\.\d (\d{3})\b/.exec(first)?.[1];
    if (status === undefined && !/^[A-Z_]+ \S+ RTSP\/\d\.\d$/.test(first))
      return { code: "not-media", detail: "It does not speak RTSP." };
    if (status?.startsWith("3"))
      return { code: "not-allowed", detail: `The server redirects to another address, with status ${status}.` };
    const lengths = fields.flatMap((line) => /^content-length\s*:\s*(.*)$/i.exec(line)?.[1] ?? []);
    const length = Number(lengths[0] ?? 0);
    if (lengths.length > 1 || !Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES)
      return { code: "not-media", detail: "An RTSP answer of an unusable length." };
    const isDescription = length > 0 && fields.some((line) => /^content-type\s*:\s*application\/sdp\s*(?:;|$)/i.test(line));
    return { lines: [first, ...fields.map((line) => this.ownTransport(line))], length, isDescription };
  }

  private describe(head: Head, body: Buffer): Buffer {
    const { text, isSoundUnknown } = mendSound(body.toString("latin1"));
    if (isSoundUnknown) this.onSoundUnknown();
    const mended = Buffer.from(text, "latin1");
    return Buffer.concat([writeHead(head, mended.length), mended]);
  }

  /** Section 12.39: the addresses that the server names for media over UDP. */
  private ownTransport(line: string): string {
    const [, name, value = ""] = /^(transport\s*:)(.*)$/i.exec(line) ?? [];
    if (name === undefined) return line;
    const parts = value.split(";").filter((part) => !/^\s*(?:source|destination)\s*=/i.test(part));
    const isUdp = !/\/tcp/i.test(value);
    return `${name}${[...parts, ...(isUdp ? [`source=${this.host}`] : [])].join(";")}`;
  }
}

/** @param length of the body that follows */
function writeHead({ lines }: Head, length: number): Buffer {
  const written = lines.map((line) => line.replace(/^(content-length\s*:\s*).*$/i, `$1${length}`));
  return Buffer.from(`${written.join("\r\n")}\r\n\r\n`, "latin1");
}

/** Bytes of a head with the empty line after it; 0 when it is not whole. */
function headSize(bytes: Buffer): number {
  let lineStart = 0;
  for (let i = 0; i < bytes.length && i <= MAX_HEAD_BYTES; i++) {
    if (bytes[i] !== LINE_FEED) continue;
    const isEmpty = i === lineStart || (i === lineStart + 1 && bytes[lineStart] === 0x0d);
    if (isEmpty) return i + 1;
    lineStart = i + 1;
  }
  return 0;
}
