/** Calls to cameras: a worker gets what the device answers, and a call that nobody holds is ended. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { ManualClock } from "../../platform/clock.ts";
import { CameraCalls } from "./camera-calls.ts";
import type { Registration } from "./device-registry.ts";
import { CatalogCollector } from "./manscdp.ts";
import { answerTo, type SipPeer } from "./requests.ts";
import { header, type SipMessage, type SipRequest } from "./sip-message.ts";

const DEVICE = "34020000001180000001";
const CHANNEL = "34020000001310000001";
const PEER: SipPeer = { protocol: "UDP", host: "10.0.0.9", port: 5060 };
const ANSWER = "v=0\r\nc=IN IP4 10.0.0.64\r\nm=video 15060 RTP/AVP 96\r\ny=0200000007\r\n";

function open() {
  const clock = new ManualClock();
  const sent: SipMessage[] = [];
  const calls = new CameraCalls({ clock, log: pino({ enabled: false }), send: (message) => void sent.push(message) });
  const registration: Registration = {
    device: DEVICE,
    account: { school: "s", password: "x", transport: "udp" },
    peer: PEER,
    self: { id: "34020000002000000001", realm: "3402000000", host: "10.0.0.2", port: 5060 },
    expiresAt: 1,
    heardAt: 1,
    reportedAt: 1,
    catalogAt: 1,
    catalog: new CatalogCollector(),
    cancelCatalog: () => {},
  };
  const invite = () =>
    calls.invite(registration, { kind: "invite", device: DEVICE, channel: CHANNEL, school: "s", host: "10.0.0.2", port: 30_000 });
  const requests = (method: string) =>
    sent.filter((message): message is SipRequest => message.kind === "request" && message.method === method);
  const accept = (body = ANSWER) => {
    const answer = answerTo(requests("INVITE").at(-1)!, 200, { peer: PEER, toTag: "device" });
    calls.answered({ ...answer, body: new TextEncoder().encode(body) }, PEER);
  };
  const accepted = async () => {
    const called = invite();
    accept();
    const answer = await called;
    return answer.kind === "invited" ? answer : assert.fail(JSON.stringify(answer));
  };
  return { clock, calls, invite, requests, accept, accepted };
}

test("a camera is invited with the subject and the offer of the standard, and its answer is told", async () => {
  const { calls, requests, accepted } = open();
  const { session, ...answer } = await accepted();
  assert.deepEqual(answer, { kind: "invited", ssrc: 200_000_007, host: "10.0.0.64", port: 15_060 });
  const [invitation] = requests("INVITE");
  assert.equal(header(invitation!, "subject"), `${CHANNEL}:0200000001,34020000002000000001:0`);
  assert.equal(header(invitation!, "content-type"), "Application/SDP");
  assert.match(Buffer.from(invitation!.body).toString(), /m=video 30000 RTP\/AVP 96/);
  assert.deepEqual(calls.hold(session), { kind: "done" });
});

test("a call that no worker holds any more is ended, and one that is held is not", async () => {
  const { clock, calls, requests, accepted } = open();
  const { session } = await accepted();
  clock.advance(30_000);
  calls.hold(session);
  clock.advance(30_000);
  calls.sweep();
  assert.equal(requests("BYE").length, 0);
  clock.advance(6000);
  calls.sweep();
  assert.equal(requests("BYE").length, 1);
  clock.advance(60_000);
  assert.equal(calls.size, 0);
});

test("a camera that hangs up is told to who holds the call; one elsewhere cannot", async () => {
  const { calls, requests, accepted } = open();
  const { session } = await accepted();
  const bye: SipRequest = { ...requests("INVITE")[0]!, method: "BYE" };
  assert.equal(calls.bye(bye, { ...PEER, host: "10.0.0.66" }), false);
  assert.equal(calls.bye(bye, PEER), true);
  assert.deepEqual([calls.has(session), calls.size], [false, 0]);
});

test("an answer without video is a problem, and the call is ended", async () => {
  const { invite, accept, requests } = open();
  const called = invite();
  accept("v=0\r\nc=IN IP4 10.0.0.64\r\n");
  const answer = await called;
  assert.deepEqual([answer.kind, answer.kind === "problem" && answer.problem.code], ["problem", "unsupported"]);
  await Promise.resolve();
  assert.equal(requests("BYE").length, 1);
});
