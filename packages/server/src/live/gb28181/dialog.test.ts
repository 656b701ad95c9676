/** The dialog of an invitation: what is sent when, and that every one ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Dialog, type DialogAction, type DialogEvent, newDialog, stepDialog } from "./dialog.ts";
import { answerTo } from "./requests.ts";
import { header, type SipRequest } from "./sip-message.ts";

const SELF = { id: "34020000002000000001", realm: "3402000000", host: "10.0.0.2", port: 5060 };
const CHANNEL = "34020000001310000001";

function open(protocol: "UDP" | "TCP" = "UDP") {
  const peer = { protocol, host: "10.0.0.9", port: 5061 } as const;
  const invite = { to: CHANNEL, peer, self: SELF, callId: "c@10.0.0.2", sequence: 1, fromTag: "f", branch: "z9hG4bK1" };
  let dialog: Dialog = newDialog({ ...invite, body: new TextEncoder().encode("v=0") });
  const all: DialogAction[] = [];
  const give = (event: DialogEvent): readonly DialogAction[] => {
    const step = stepDialog(dialog, event);
    dialog = step.dialog;
    all.push(...step.actions);
    return step.actions;
  };
  const sent = (actions: readonly DialogAction[]) => actions.flatMap((action) => (action.kind === "send" ? [action.message] : []));
  const answer = (to: SipRequest | undefined, status: number) =>
    give({ kind: "response", response: answerTo(to ?? assert.fail("nothing was sent"), status, { peer, toTag: "device" }) });
  return { give, answer, sent, all, phase: () => dialog.phase };
}

const methods = (requests: readonly SipRequest[]) => requests.map(({ method }) => method);

test("an invitation is answered, acknowledged, and ended by BYE", () => {
  const { give, answer, sent, phase } = open();
  const [invite] = sent(give({ kind: "start" }));
  assert.equal(invite?.uri, `sip:${CHANNEL}@10.0.0.9:5061`);
  assert.deepEqual(answer(invite, 100), [{ kind: "timer", ms: 20_000 }]);
  const accepted = answer(invite, 200);
  const [ack] = sent(accepted);
  assert.deepEqual([ack?.method, header(ack!, "cseq"), ack?.body.length], ["ACK", "1 ACK", 0]);
  assert.match(header(ack!, "to") ?? "", /;tag=device$/);
  assert.equal(accepted.at(-1)?.kind, "established");
  const [bye] = sent(give({ kind: "hang-up" }));
  assert.deepEqual([bye?.method, header(bye!, "cseq")], ["BYE", "2 BYE"]);
  answer(bye, 200);
  assert.equal(phase(), "over");
});

test("by UDP an invitation is sent again until something comes back, and a device that says nothing is unreachable", () => {
  const { give, sent, phase } = open();
  const waits: number[] = [];
  let actions = give({ kind: "start" });
  const invitations: SipRequest[] = [];
  while (phase() === "calling") {
    invitations.push(...sent(actions));
    for (const action of actions) if (action.kind === "timer") waits.push(action.ms);
    actions = give({ kind: "timer" });
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000]);
  assert.equal(new Set(invitations.map((request) => header(request, "via"))).size, 1, "one transaction");
  assert.deepEqual(
    actions.map((action) => action.kind === "ended" && action.problem.code),
    ["unreachable"],
  );
  const tcp = open("TCP");
  assert.deepEqual(methods(tcp.sent(tcp.give({ kind: "start" }))), ["INVITE"]);
  assert.deepEqual(methods(tcp.sent(tcp.give({ kind: "timer" }))), []);
});

test("each copy of the answer is acknowledged", () => {
  const { give, answer, sent } = open();
  const [invite] = sent(give({ kind: "start" }));
  answer(invite, 200);
  const again = answer(invite, 200);
  assert.deepEqual(methods(sent(again)), ["ACK"]);
  assert.equal(again.length, 1);
});

test("what is given up before it is answered is cancelled, or ended once it is accepted all the same", () => {
  const early = open();
  const [invite] = early.sent(early.give({ kind: "start" }));
  assert.deepEqual(methods(early.sent(early.give({ kind: "hang-up" }))), [], "nothing has come back yet");
  assert.deepEqual(methods(early.sent(early.answer(invite, 183))), ["CANCEL"]);
  assert.deepEqual(methods(early.sent(early.answer(invite, 487))), ["ACK"]);
  assert.equal(early.phase(), "over");
  const late = open();
  const [other] = late.sent(late.give({ kind: "start" }));
  late.answer(other, 100);
  assert.deepEqual(methods(late.sent(late.give({ kind: "hang-up" }))), ["CANCEL"]);
  assert.deepEqual(methods(late.sent(late.answer(other, 200))), ["ACK", "BYE"]);
});

test("a refusal is acknowledged, and its number says what is wrong", () => {
  for (const [status, code] of [
    [403, "bad-credential"],
    [404, "no-such-stream"],
    [486, "overloaded"],
    [488, "unsupported"],
    [503, "unreachable"],
  ] as const) {
    const { give, answer, sent, phase } = open();
    const [invite] = sent(give({ kind: "start" }));
    const actions = answer(invite, status);
    assert.deepEqual(methods(sent(actions)), ["ACK"]);
    assert.deepEqual(
      actions.flatMap((action) => (action.kind === "ended" ? [action.problem.code] : [])),
      [code],
    );
    assert.equal(phase(), "over");
  }
});

test("a device that ends the picture is not told to", () => {
  const { give, answer, sent } = open();
  const [invite] = sent(give({ kind: "start" }));
  answer(invite, 200);
  assert.deepEqual(
    give({ kind: "bye" }).map(({ kind }) => kind),
    ["ended"],
  );
  assert.deepEqual(give({ kind: "hang-up" }), []);
});

test("whatever happens in whatever order, it is established once at most, ends once at most, and is over after enough time", () => {
  const event = fc.oneof(
    fc.constantFrom<"timer" | "bye" | "hang-up" | "start">("timer", "bye", "hang-up", "start"),
    fc.tuple(fc.constantFrom("INVITE", "BYE", "CANCEL"), fc.constantFrom(100, 180, 200, 404, 486, 487, 503)),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const { give, answer, sent, all, phase } = open();
      give({ kind: "start" });
      for (const each of events) {
        if (typeof each === "string") give({ kind: each });
        else {
          const request = sent(all).findLast(({ method }) => method === each[0]);
          if (request) answer(request, each[1]);
        }
      }
      give({ kind: "hang-up" });
      for (let i = 0; i < 12; i++) give({ kind: "timer" });
      assert.equal(phase(), "over");
      for (const kind of ["established", "ended"]) assert.ok(all.filter((action) => action.kind === kind).length <= 1, kind);
      const accepted = all.some(({ kind }) => kind === "established");
      const byDevice = all.some((action) => action.kind === "ended" && action.problem.code === "ended");
      if (accepted && !byDevice)
        assert.ok(
          sent(all).some(({ method }) => method === "BYE"),
          "a device that sends is told to stop",
        );
    }),
  );
});
