import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Refusal } from "../../platform/refusal.ts";
import { AccessControl, type AccessRequest } from "../access.ts";
import { Callbacks } from "../callbacks/callbacks.ts";
import { credentialsOf } from "../credentials/credentials.ts";
import { signLink } from "../links/signed-link.ts";
import type { PolicyRule, ViewersRule } from "../policies/access-policy.ts";
import { StreamPolicyCache } from "../policies/stream-policy-cache.ts";
import { client, nothingKnown, policyStore } from "../rules/test-subject.ts";
import { deviceKeyOf } from "./seat-keys.ts";
import { denyingRule, limitsOf, viewersRules } from "./seat-limits.ts";
import type { SeatAnswer, SeatRequest } from "./seat-messages.ts";
import { ViewerSeats } from "./viewer-seats.ts";

const SECRET = "link-secret";
const NOW = 1_700_000_000_000;
const silent = pino({ level: "silent" });
const viewers = (over: Partial<ViewersRule> = {}): ViewersRule => ({
  kind: "viewers",
  for: "play",
  combine: "add",
  mode: "enforce",
  locked: false,
  most: null,
  perViewer: 1,
  over: "refuse-newest",
  ...over,
});
const free: SeatAnswer = { denied: null, trial: null };

/** A worker whose supervisor answers as a test says, and what it was told. */
function worker(rules: readonly PolicyRule[], answer: (request: SeatRequest) => SeatAnswer | Error = () => free) {
  const asked: SeatRequest[] = [];
  const told: string[] = [];
  const note = (what: string) => (of: { readonly id: string }) =>
    void told.push(`${what} ${asked.findIndex(({ id }) => id === of.id)}`);
  const seats = new ViewerSeats({
    takeSeat: async (request) => {
      asked.push(request);
      const given = answer(request);
      if (given instanceof Error) throw given;
      return given;
    },
    leaveSeat: note("left"),
    nameSeat: note("named"),
    restSeat: note("rests"),
    onUnanswered: () => void told.push("unanswered"),
  });
  const target = { level: "stream", id: "live/math" } as const;
  const policies = policyStore([{ target, rules }]);
  const control = new AccessControl({
    settings: () => ({ publish: { allow: "any", keys: {} }, play: { allow: "any" }, linkSecrets: [SECRET] }),
    streamPolicies: new StreamPolicyCache(async () => null, silent),
    callbacks: new Callbacks(() => ({ urls: {}, style: "srs", timeoutMs: 1000, onFailure: "refuse", secret: "" }), "here", silent),
    policies,
    addresses: nothingKnown,
    seats,
    now: () => NOW,
    onDryRun: (_request, { source }, { code }) => void told.push(`dry-run ${source.level} ${code}`),
  });
  const setRules = (next: readonly PolicyRule[]) => {
    policies.replace({ policies: [{ target, rules: next }], linkKeys: [], addressLists: [], channels: [], exemptions: [] });
    control.review();
  };
  return { asked, told, seats, control, setRules };
}

function requestOf(query = new URLSearchParams(), over: Partial<AccessRequest> = {}): AccessRequest {
  return {
    action: "play",
    protocol: "flv",
    app: "live",
    name: "math",
    client: client({}),
    credentials: credentialsOf(query),
    ...over,
  };
}
const link = (viewer?: string, expires = NOW / 1000 + 60) => signLink({ app: "live", name: "math", expires, viewer }, SECRET);
const present = () => null;
const code = (answer: unknown) => (answer instanceof Refusal ? answer.code : "allowed");

test("without a rule about viewers nobody asks for a seat", async () => {
  const { control, asked, told } = worker([]);
  const admission = await control.ask(requestOf(link("anna")), present);
  assert.ok(!(admission instanceof Refusal));
  admission.close();
  assert.deepEqual([asked, told], [[], []]);
});

test("a viewer is the person whom a link names, or else the link; a link that is not valid is nobody", async () => {
  const { control, asked } = worker([viewers()]);
  const later = NOW / 1000 + 99;
  const forged = link("anna");
  forged.set("viewer", "ben");
  for (const query of [
    link("anna"),
    link("anna", later),
    link("ben"),
    link(),
    link(undefined, later),
    forged,
    new URLSearchParams(),
  ])
    await control.ask(requestOf(query), present);
  const [anna, again, ben, one, other, ...nobody] = asked.map(({ viewer }) => viewer);
  assert.equal(anna, again);
  assert.equal(new Set([anna, ben, one, other]).size, 4);
  assert.deepEqual(nobody, [null, null]);
  assert.ok(!JSON.stringify(asked).includes("anna"));
});

test("a viewer asks for the same seat by every protocol, so that each pair of them excludes the other", async () => {
  const { control, asked } = worker([viewers()]);
  for (const protocol of ["flv", "ws", "rtmp", "hls"]) await control.ask(requestOf(link("anna"), { protocol }), present);
  const [first, ...others] = asked.map(({ id: _, ...seat }) => seat);
  assert.equal(others.length, 3);
  for (const other of others) assert.deepEqual(other, first);
});

test("a denied seat refuses with the rule that denies it, and a supervisor that does not answer lets in", async () => {
  const answers: (SeatAnswer | Error)[] = [
    { denied: "perViewer", trial: null },
    { denied: "most", trial: null },
    new Error("no answer"),
  ];
  const { control, told } = worker([viewers({ most: 9 })], () => answers.shift() ?? free);
  const first = await control.ask(requestOf(), present);
  assert.ok(first instanceof Refusal);
  assert.deepEqual([first.code, first.rule, first.source], ["too-many", "viewers", "stream live/math"]);
  assert.equal(code(await control.ask(requestOf(), present)), "full");
  assert.equal(code(await control.ask(requestOf(), present)), "allowed");
  assert.deepEqual(told, ["unanswered"]);
});

test("a seat is left when the client leaves, when the stream is not there, and when a later step refuses", async () => {
  const { control, told, asked } = worker([viewers()]);
  const admission = await control.ask(requestOf(), present);
  assert.ok(!(admission instanceof Refusal));
  admission.close();
  admission.close();
  assert.deepEqual(told, ["left 0"]);
  await control.ask(requestOf(), () => new Refusal("no-such-stream"));
  assert.equal(asked.length, 1, "nobody sits at a stream that is not there");
  await control.ask(requestOf(undefined, { seat: "probe" }), present);
  assert.deepEqual([asked.at(-1)?.isProbe, told.length], [true, 1]);
});

test("a seat that is lost withdraws the admission: at once, or after the time in which a player leaves by itself", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { control, asked, seats } = worker([viewers()]);
  const ended: string[] = [];
  for (let i = 0; i < 2; i++) {
    const admission = await control.ask(requestOf(), present);
    assert.ok(!(admission instanceof Refusal));
    admission.onWithdrawn((refusal) => ended.push(`${i} ${refusal.code}`));
  }
  seats.lost({ id: asked[0]?.id ?? "", because: "taken-over" });
  seats.lost({ id: asked[1]?.id ?? "", because: "ended" });
  assert.deepEqual(ended, ["1 too-many"]);
  t.mock.timers.tick(10_000);
  assert.deepEqual(ended, ["1 too-many", "0 too-many"]);
});

test("who is in takes a seat when a rule comes, with the time at which it came, and leaves it when the rule goes", async () => {
  const { control, asked, told, setRules } = worker([]);
  const admission = await control.ask(requestOf(link("anna")), present);
  assert.ok(!(admission instanceof Refusal));
  setRules([viewers()]);
  assert.deepEqual([asked.length, asked[0]?.since, asked[0]?.limits.perViewer], [1, NOW, 1]);
  setRules([viewers(), viewers({ mode: "dry-run", most: 5 })]);
  assert.equal(asked[1]?.id, asked[0]?.id, "the same seat has other limits");
  setRules([viewers(), viewers({ mode: "dry-run", most: 5 })]);
  assert.equal(asked.length, 2);
  setRules([]);
  assert.deepEqual(told, ["left 0"]);
});

test("what a rule in dry-run would refuse is told", async () => {
  const { control, told } = worker([viewers({ mode: "dry-run" })], () => ({ denied: null, trial: "perViewer" }));
  assert.equal(code(await control.ask(requestOf(), present)), "allowed");
  assert.deepEqual(told, ["dry-run stream too-many"]);
});

test("of several rules the lowest limits hold, and each names its rule", () => {
  const source = (id: string) => ({ level: "school", id }) as const;
  const rules = viewersRules([
    { rule: viewers({ most: 100, perViewer: 3, over: "end-oldest" }), source: source("far") },
    { rule: viewers({ most: 200, perViewer: 2 }), source: source("near") },
    { rule: viewers({ mode: "dry-run", perViewer: 1 }), source: source("trial") },
    { rule: viewers({ for: "publish", perViewer: 1 }), source: source("publishers") },
  ]);
  assert.deepEqual(limitsOf(rules, "enforce"), { most: 100, perViewer: 2, over: "refuse-newest" });
  assert.deepEqual(limitsOf(rules, "dry-run"), { most: null, perViewer: 1, over: "refuse-newest" });
  assert.equal(denyingRule(rules, "enforce", "most")?.source.id, "far");
  assert.equal(denyingRule(rules, "enforce", "perViewer")?.source.id, "near");
});

test("a device is an address and a program; Safari and the player of its system are one", () => {
  const of = (userAgent: string | null, ip = "10.0.0.1") => deviceKeyOf({ ip, userAgent });
  const safari =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
  const chrome =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  assert.equal(of(safari), of("AppleCoreMedia/1.0.0.22A3354 (iPhone; U; CPU OS 18_0 like Mac OS X; en_us)"));
  assert.equal(new Set([of(safari), of(chrome), of(null), of("VLC"), of("VLC", "10.0.0.2")]).size, 5);
});
