import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { Refusal } from "../platform/refusal.ts";
import { AccessControl } from "./access.ts";
import { Callbacks } from "./callbacks/callbacks.ts";
import { credentialsOf } from "./credentials/credentials.ts";
import { ViewerSessions } from "./credentials/viewer-sessions.ts";
import { ContentKeys } from "./encryption/content-keys.ts";
import { signLink } from "./links/signed-link.ts";
import type { Policy } from "./policies/access-policy.ts";
import { type RecordingInfo, RecordingInfoCache } from "./policies/recording-info.ts";
import { newLessonStream, type StreamPolicy } from "./policies/stream-policy.ts";
import { StreamPolicyCache } from "./policies/stream-policy-cache.ts";
import { RECORDINGS, RecordingAccess } from "./recording-access.ts";
import type { AccessSettings } from "./rules/rule.ts";
import { client, nothingKnown, policyStore } from "./rules/test-subject.ts";
import { ViewerFiles } from "./viewer-files.ts";

const silent = pino({ level: "silent" });
const EPOCH = "AAAAAAAAAAAA";
const SECRET = Buffer.from("of all processes of a cluster");
const SETTINGS: AccessSettings = { publish: { allow: "any", keys: {} }, play: { allow: "any" }, linkSecrets: ["link-secret"] };

function policyOf(removed: readonly string[] = []): StreamPolicy {
  const of = { app: "live", name: newLessonStream(), lessonId: "l", schoolId: "s", keyHash: "" };
  return { ...of, open: true, state: "live", publisherLeftAt: null, record: false, mayRecord: true, removed };
}

function infoOf(over: Partial<RecordingInfo> = {}): RecordingInfo {
  return { id: "r", app: "live", name: "math", epoch: EPOCH, files: ["a.flv"], whole: true, open: true, signed: true, ...over };
}

/** What a worker decides with. */
function worker(policy: StreamPolicy | null, settings = SETTINGS, strict = false, policies: readonly Policy[] = []) {
  const streamPolicies = new StreamPolicyCache(async () => policy, silent);
  const known = { policies: policyStore(policies), addresses: nothingKnown };
  const callbacks = new Callbacks(
    () => ({ urls: {}, style: "srs", timeoutMs: 1, onFailure: "refuse", secret: "" }),
    "here",
    silent,
  );
  const control = new AccessControl({ settings: () => settings, streamPolicies, callbacks, ...known });
  const infos = new RecordingInfoCache(async () => null);
  const recordings = new RecordingAccess({ settings: () => settings, recordings: infos, ...known });
  const sessions = new ViewerSessions(SECRET);
  const keys = new ContentKeys([SECRET]);
  const files = new ViewerFiles({
    sessions,
    recheck: control.recheck,
    recordings,
    streamPolicies,
    keys,
    strict: () => strict,
    policies: known.policies,
  });
  return { policies: streamPolicies, infos, recordings, files };
}

const sessionIn = (folder: string) => /\/s\/([^/]+)\//.exec(folder)?.[1] ?? null;
const codeOf = (refusal: Refusal | null) => refusal?.code ?? "allowed";

test("a lesson's files need a session of this lesson and epoch; other streams' files are open unless hls.strict is set", async () => {
  const policy = policyOf();
  const { name } = policy;
  const { files } = worker(policy);
  const session = sessionIn(files.folderOf("live", name, EPOCH, "anna"));
  const code = async (over: { session?: string | null; epoch?: string; name?: string; app?: string }, isFromNode = false) =>
    codeOf(await files.permit({ app: "live", name, epoch: EPOCH, session, ...over }, isFromNode, client()));
  assert.equal(await code({}), "allowed");
  assert.equal(await code({ session: null }), "not-signed-in");
  assert.equal(await code({ session: "A".repeat(40) }), "bad-signature");
  assert.equal(await code({ epoch: "BBBBBBBBBBBB" }), "bad-signature");
  assert.equal(await code({ name: newLessonStream() }), "bad-signature");
  assert.equal(await code({ session: null }, true), "allowed");
  assert.equal(await code({ session: null, name: "math" }), "allowed");
  assert.equal(files.folderOf("live", "math", EPOCH, null), `math/${EPOCH}`);
  const { files: strict } = worker(policy, SETTINGS, true);
  assert.equal(
    codeOf(await strict.permit({ app: "live", name: "math", epoch: EPOCH, session: null }, false, client())),
    "not-signed-in",
  );
});

test("a session ends for the viewer whose permission ends, in a process that did not issue it, and for no other viewer", async () => {
  const policy = policyOf();
  const { name } = policy;
  const issuer = worker(policy);
  const other = worker(policy);
  const [anna, ben] = ["anna", "ben"].map((viewer) => sessionIn(issuer.files.folderOf("live", name, EPOCH, viewer)));
  const code = async (session: string | null = null) =>
    codeOf(await other.files.permit({ app: "live", name, epoch: EPOCH, session }, false, client()));
  assert.deepEqual([await code(anna), await code(ben)], ["allowed", "allowed"]);
  other.policies.take("live", name, { ...policy, removed: ["anna"] });
  assert.deepEqual([await code(anna), await code(ben)], ["removed-from-lesson", "allowed"]);
  other.policies.take("live", name, { ...policy, open: false });
  assert.equal(await code(ben), "lesson-ended");
});

test("a lesson's recording asks for the session in each file's address, and refuses the viewer whose permission ends", async () => {
  const { files } = worker(null);
  const session = sessionIn(files.recordingFolderOf(infoOf(), "anna"));
  const code = async (info: RecordingInfo, of: string | null = session, isFromNode = false) =>
    codeOf(await files.permitRecording(info, of, isFromNode, client()));
  assert.equal(await code(infoOf()), "allowed");
  assert.equal(await code(infoOf(), null), "not-signed-in");
  assert.equal(await code(infoOf(), null, true), "allowed");
  assert.equal(await code(infoOf({ id: "another" })), "bad-signature");
  assert.equal(await code(infoOf({ removed: ["anna"] })), "no-such-recording");
  assert.equal(await code(infoOf({ removed: ["ben"] })), "allowed");
  assert.equal(await code(infoOf({ signed: false }), null), "allowed");
  assert.equal(files.recordingFolderOf(infoOf({ signed: false }), null), `r/${EPOCH}`);
});

test("a recording of a lesson needs its signed link; another one follows play.allow", () => {
  const code = (settings: AccessSettings, signed: boolean, query: URLSearchParams) =>
    codeOf(worker(null, settings).recordings.check(infoOf({ signed }), credentialsOf(query), client(), "hls"));
  const soon = Math.floor(Date.now() / 1000) + 60;
  const link = signLink({ app: RECORDINGS, name: "r", expires: soon }, "link-secret");
  const none = new URLSearchParams();
  const closed: AccessSettings = { ...SETTINGS, play: { allow: "signed" } };
  assert.equal(code(SETTINGS, false, none), "allowed");
  assert.equal(code(SETTINGS, true, none), "not-signed-in");
  assert.equal(code(SETTINGS, true, link), "allowed");
  assert.equal(code(closed, false, none), "not-signed-in");
  assert.equal(code(closed, false, signLink({ app: "live", name: "r", expires: soon }, "link-secret")), "bad-signature");
});

test("an open download ends for the viewer whose permission ends, and for everybody when the recording is moved to the bin", async () => {
  const { recordings, infos } = worker(null);
  const soon = Math.floor(Date.now() / 1000) + 60;
  const ended: string[] = [];
  const download = async (viewer: string) => {
    const link = signLink({ app: RECORDINGS, name: "r", expires: soon, viewer }, "link-secret");
    const admission = await recordings.ask(infoOf(), credentialsOf(link), client(), "mp4");
    assert.ok(!(admission instanceof Refusal));
    admission.onWithdrawn(({ code }) => ended.push(`${viewer} ${code}`));
    return admission;
  };
  await download("anna");
  await download("ben");
  (await download("gone already")).close();
  infos.take("r", infoOf({ removed: ["anna", "gone already"] }));
  assert.deepEqual(ended, ["anna no-such-recording"]);
  infos.take("r", infoOf({ open: false, removed: ["anna"] }));
  assert.deepEqual(ended, ["anna no-such-recording", "ben no-such-recording"]);
});

test("the files of a stream and of a recording under a policy need a session too, and end with what the policy refuses", async () => {
  const deny: Policy = {
    target: { level: "stream", id: "live/math" },
    rules: [{ kind: "addresses", for: "play", combine: "add", mode: "enforce", locked: false, allow: [], deny: ["192.0.2.0/24"] }],
  };
  const { files } = worker(null, SETTINGS, false, [deny]);
  const file = { app: "live", name: "math@480p", epoch: EPOCH };
  const session = sessionIn(files.folderOf("live", "math@480p", EPOCH, null));
  const code = async (of: string | null, ip: string) => codeOf(await files.permit({ ...file, session: of }, false, client({ ip })));
  assert.equal(await code(null, "10.0.0.1"), "not-signed-in");
  assert.equal(await code(session, "10.0.0.1"), "allowed");
  assert.equal(await code(session, "192.0.2.7"), "refused-by-rule");
  assert.equal(files.folderOf("live", "physics", EPOCH, null), `physics/${EPOCH}`);
  const recording = infoOf({ signed: false });
  const own = sessionIn(files.recordingFolderOf(recording, null));
  assert.equal(codeOf(await files.permitRecording(recording, null, false, client())), "not-signed-in");
  assert.equal(codeOf(await files.permitRecording(recording, own, false, client({ ip: "192.0.2.7" }))), "refused-by-rule");
});
