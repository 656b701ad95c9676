/**
 * The SIP server as devices meet it: bytes in datagrams, laid out as the examples of GB/T 28181-2016 are (section 9, annexes F and J), well-formed and then hostile.
 */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { pino } from "pino";
import type { CameraSighting } from "../../contracts/cameras/camera-account.ts";
import { systemClock } from "../../platform/clock.ts";
import { type CameraServer, startCameraServer } from "./camera-server.ts";
import { digestResponse, readDigest } from "./digest.ts";
import { header, readSip, type SipMessage } from "./sip-message.ts";

const SERVER = "34020000002000000001";
const PASSWORD = "12345678";
const codeOf = (number: number) => `3402000000132${String(number).padStart(7, "0")}`;

async function open(t: TestContext) {
  const probe = createSocket("udp4");
  probe.bind(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise<void>((resolve) => probe.close(resolve));
  const seen: CameraSighting[] = [];
  const server = await startCameraServer({
    settings: { host: "127.0.0.1", port, id: SERVER, realm: "", digest: "MD5", address: "127.0.0.1" },
    accounts: {
      account: async () => ({ school: "s", password: PASSWORD, transport: "udp" }),
      seen: async (sighting) => void seen.push(sighting),
    },
    clock: systemClock,
    log: pino({ enabled: false }),
  });
  t.after(() => server.close());
  return { server, port, seen };
}

async function device(t: TestContext, port: number) {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  t.after(() => socket.close());
  const got: SipMessage[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (bytes) => {
    const message = readSip(bytes);
    if (message) got.push(message);
    if (message?.kind === "request" && message.method === "MESSAGE") send(replyTo(message, []));
    for (const wake of waiting) wake();
    waiting.clear();
  });
  const next = async (isWanted: (message: SipMessage) => boolean): Promise<SipMessage> => {
    for (;;) {
      const at = got.findIndex(isWanted);
      if (at >= 0) return got.splice(at, 1)[0] ?? assert.fail();
      await new Promise<void>((resolve) => void waiting.add(resolve));
    }
  };
  const own = `127.0.0.1:${socket.address().port}`;
  const send = (text: string) => socket.send(Buffer.from(text), port, "127.0.0.1");
  const request = (method: string, code: string, sequence: number, more: readonly string[] = [], body = "") =>
    [
      `${method} sip:${SERVER}@3402000000 SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK${code}${sequence}`,
      `From: <sip:${code}@3402000000>;tag=${code.slice(-7)}`,
      `To: <sip:${code}@3402000000>`,
      `Call-ID: ${code}`,
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:${code}@${own}>`,
      "Max-Forwards: 70",
      ...more,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n");
  /** A request, sent again until its answer comes: RFC 3261 section 17.1.2. */
  const ask = async (text: string, code: string, sequence: number): Promise<SipMessage> => {
    const timer = setInterval(() => send(text), 500);
    send(text);
    return await answer(code, sequence).finally(() => clearInterval(timer));
  };
  const answer = (code: string, sequence: number) =>
    next(
      (message) =>
        message.kind === "response" &&
        header(message, "call-id") === code &&
        Number.parseInt(header(message, "cseq") ?? "", 10) === sequence,
    );
  const register = async (code: string, sequence = 1): Promise<number> => {
    const challenged = await ask(request("REGISTER", code, sequence, ["Expires: 3600"]), code, sequence);
    const fields = new Map(readDigest(header(challenged, "www-authenticate") ?? ""))
      .set("username", code)
      .set("uri", `sip:${SERVER}@3402000000`);
    fields.set("nc", "00000001").set("cnonce", "0a4f113b");
    fields.set("response", digestResponse(fields, "REGISTER", PASSWORD) ?? "");
    const authorization = [...fields].map(([name, value]) => `${name}="${value}"`).join(", ");
    const proved = request("REGISTER", code, sequence + 1, ["Expires: 3600", `Authorization: Digest ${authorization}`]);
    const granted = await ask(proved, code, sequence + 1);
    return granted.kind === "response" ? granted.status : 0;
  };
  return { ask, send, request, next, answer, register, own };
}

const replyTo = (request: SipMessage, more: readonly string[], body = "") => {
  const copied = ["via", "from", "call-id", "cseq"].map((name) => `${name}: ${header(request, name)}`);
  return [
    "SIP/2.0 200 OK",
    ...copied,
    `To: ${header(request, "to")};tag=7`,
    ...more,
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
};

/** Section 9.2: the device answers an invitation, with `y` and `f` of annex F. */
const answerTo = (invite: SipMessage, own: string) =>
  replyTo(
    invite,
    ["Content-Type: application/sdp"],
    `v=0\r\no=${codeOf(1)} 0 0 IN IP4 ${own}\r\ns=Play\r\nc=IN IP4 10.9.9.9\r\nt=0 0\r\nm=video 15060 RTP/AVP 96\r\na=sendonly\r\na=rtpmap:96 PS/90000\r\ny=0100000001\r\nf=v/2/4///a///\r\n`,
  );

async function invite(server: CameraServer, one: Awaited<ReturnType<typeof device>>) {
  const asked = server.camera({
    kind: "invite",
    device: codeOf(1),
    channel: codeOf(1),
    school: "s",
    host: "127.0.0.1",
    port: 30_000,
  });
  const request = await one.next((message) => message.kind === "request" && message.method === "INVITE");
  return { asked, request };
}

test("a device registers, keeps alive, tells its catalogue and answers an invitation, in the form of the standard's examples", async (t) => {
  const { server, port, seen } = await open(t);
  const one = await device(t, port);
  assert.equal(await one.register(codeOf(1)), 200);
  const keepAlive = `<?xml version="1.0"?>\r\n<Notify>\r\n<CmdType>Keepalive</CmdType>\r\n<SN>43</SN>\r\n<DeviceID>${codeOf(1)}</DeviceID>\r\n<Status>OK</Status>\r\n</Notify>\r\n`;
  one.send(one.request("MESSAGE", codeOf(1), 20, ["Content-Type: Application/MANSCDP+xml"], keepAlive));
  assert.equal((await one.answer(codeOf(1), 20)).kind, "response");
  const query = await one.next((message) => message.kind === "request" && Buffer.from(message.body).includes("Catalog"));
  const serial = /<SN>(\d+)<\/SN>/.exec(Buffer.from(query.body).toString())?.[1];
  const item = `<Item><DeviceID>${codeOf(1)}</DeviceID><Name>Camera1</Name><Manufacturer>Manufacturer1</Manufacturer><Model>Model1</Model><Owner>Owner1</Owner><CivilCode>CivilCode1</CivilCode><Address>Address1</Address><Parental>0</Parental><SafetyWay>0</SafetyWay><RegisterWay>1</RegisterWay><Secrecy>0</Secrecy><Status>ON</Status></Item>`;
  const catalog = `<?xml version="1.0"?>\r\n<Response>\r\n<CmdType>Catalog</CmdType>\r\n<SN>${serial}</SN>\r\n<DeviceID>${codeOf(1)}</DeviceID>\r\n<SumNum>1</SumNum>\r\n<DeviceList Num="1">\r\n${item}\r\n</DeviceList>\r\n</Response>\r\n`;
  one.send(one.request("MESSAGE", codeOf(1), 21, ["Content-Type: Application/MANSCDP+xml"], catalog));
  await one.answer(codeOf(1), 21);
  assert.deepEqual(seen.findLast(({ channels }) => channels)?.channels, [
    { id: codeOf(1), name: "Camera1", model: "Model1", isOn: true },
  ]);
  const { asked, request } = await invite(server, one);
  one.send(answerTo(request, one.own));
  const called = await asked;
  assert.deepEqual(called?.kind === "invited" && [called.host, called.port, called.ssrc], ["10.9.9.9", 15_060, 100_000_001]);
  await one.next((message) => message.kind === "request" && message.method === "ACK");
  // Somebody else cannot end it.
  const other = await device(t, port);
  other.send(one.request("BYE", codeOf(2), 2));
  const refused = await other.answer(codeOf(2), 2);
  assert.equal(refused.kind === "response" && refused.status, 481);
  assert.equal(server.counts().calls, 1);
});

test("devices by the hundred register behind one address, and none is lost", async (t) => {
  const { server, port } = await open(t);
  const many = await device(t, port);
  const statuses = new Set<number>();
  for (let from = 1; from <= 400; from += 10)
    for (const status of await Promise.all(Array.from({ length: 10 }, (_, i) => many.register(codeOf(from + i)))))
      statuses.add(status);
  assert.deepEqual([[...statuses], server.counts().devices], [[200], 400]);
});

test("no message ends the server, and a device that has registered is answered after all of them", async (t) => {
  const { server, port } = await open(t);
  const one = await device(t, port);
  assert.equal(await one.register(codeOf(1)), 200);
  const good = ["REGISTER", "MESSAGE", "BYE", "INVITE", "NOTIFY", "SUBSCRIBE", "\u0000"].map((method) =>
    one.request(method, codeOf(1), 5, ["Expires: 0"], "<Notify>"),
  );
  const text = fc.tuple(
    fc.constantFrom(...good),
    fc.array(fc.tuple(fc.nat({ max: 500 }), fc.string({ maxLength: 40 })), { maxLength: 5 }),
  );
  for (const [message, changes] of fc.sample(text, 300)) {
    let changed = message;
    for (const [at, put] of changes) changed = changed.slice(0, at) + put + changed.slice(at + put.length);
    one.send(changed);
    // Datagrams have little room at a socket that nobody reads.
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const line of [
    `From: ${"<".repeat(4000)}`,
    `Authorization: Digest ${"a".repeat(4000)}`,
    "Via: ;;;;;;rport;;received",
    "CSeq: 99999999999 REGISTER",
    "Content-Length: -1",
    "Content-Length: 4294967296",
    "To",
    ":",
    "Contact: <sip:\r",
  ])
    one.send(one.request("REGISTER", codeOf(1), 6, [line]));
  const answered = await one.ask(one.request("OPTIONS", codeOf(1), 77), codeOf(1), 77);
  assert.equal(answered.kind === "response" && answered.status, 200);
  assert.equal(server.counts().devices, 1, "an end of the registration needs an answer to a challenge");
});
