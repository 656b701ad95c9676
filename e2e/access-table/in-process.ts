/**
 * Decides rows of the table without a server: by the functions that every door calls, with the facts that the HTTP port reads from each request. The
 * rules are the stream's and the recording's, as the API takes them.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { AccessControl, type AccessRequest } from "../../packages/server/src/access/access.ts";
import { Callbacks } from "../../packages/server/src/access/callbacks/callbacks.ts";
import type { ClientFacts } from "../../packages/server/src/access/credentials/client-facts.ts";
import { type Credentials, credentialsOf, rtmpParameters } from "../../packages/server/src/access/credentials/credentials.ts";
import { ViewerSessions } from "../../packages/server/src/access/credentials/viewer-sessions.ts";
import { ContentKeys } from "../../packages/server/src/access/encryption/content-keys.ts";
import { explainer } from "../../packages/server/src/access/explanation.ts";
import { AddressRanges } from "../../packages/server/src/access/lists/address-ranges.ts";
import { compileHere } from "../../packages/server/src/access/lists/test-naive-ranges.ts";
import type { Policy, PolicyTarget } from "../../packages/server/src/access/policies/access-policy.ts";
import type { PolicySnapshot } from "../../packages/server/src/access/policies/policy-snapshot.ts";
import { PolicyStore } from "../../packages/server/src/access/policies/policy-store.ts";
import { type RecordingInfo, RecordingInfoCache } from "../../packages/server/src/access/policies/recording-info.ts";
import { StreamPolicyCache } from "../../packages/server/src/access/policies/stream-policy-cache.ts";
import { AddressLimits } from "../../packages/server/src/access/protection/address-limits.ts";
import { RecordingAccess } from "../../packages/server/src/access/recording-access.ts";
import { ViewerFiles } from "../../packages/server/src/access/viewer-files.ts";
import { clientFactsOf, MediaRequest } from "../../packages/server/src/live/http/media-request.ts";
import { Clients } from "../../packages/server/src/node/web/clients.ts";
import { loadConfig } from "../../packages/server/src/platform/config/load.ts";
import { loadGeoip } from "../../packages/server/src/platform/geoip/geoip.ts";
import { Refusal } from "../../packages/server/src/platform/refusal.ts";
import { changedPolicy } from "../../packages/server/src/school/streams/policies/shapes.ts";
import type { Scope } from "../lectern.ts";
import { LIST_TEXT } from "./addresses.ts";
import { answerOfRefusal, headersOf, pathOf } from "./doors.ts";
import { OTHER_SECRET, OWN_SECRET, SCHEMES } from "./link-makers.ts";
import { rawRequest } from "./raw-http.ts";
import { type Answer, type Client, type Door, type Group, HERE, type Made, type Rule } from "./row.ts";
import { FREE, STREAM, TRUSTED_PROXIES } from "./stage.ts";

const RECORDING = { app: "vod", name: "0".repeat(26) };
const EPOCH = "0123456789ab";
const INFO: RecordingInfo = {
  id: RECORDING.name,
  app: STREAM.app,
  name: STREAM.name,
  epoch: EPOCH,
  files: [],
  whole: true,
  open: true,
  signed: false,
};

/** By the door, as its protocol is named where the rules are asked. */
const LIVE_PROTOCOLS: Readonly<Partial<Record<Door, string>>> = {
  flv: "flv",
  "shifted-flv": "flv",
  ws: "ws",
  hls: "hls",
  shifted: "hls",
};
const REPLAY_PROTOCOLS: Readonly<Partial<Record<Door, string>>> = { replay: "hls", mp4: "mp4", "replay-flv": "flv" };
const CHECKED: Readonly<Partial<Record<Door, string>>> = { rungs: "flv", still: "still" };

export type Decisions = {
  /** Puts the rules of a group in force. */
  readonly setRules: (group: Group) => void;
  /** What a door decides on a client. */
  readonly decide: (door: Door, client: Client) => Promise<Answer>;
  /** What the API explains of the same request. */
  readonly explain: (door: Door, client: Client) => Promise<Answer>;
};

/** Long because it is a list: everything that doors ask before they decide. */
export async function openDecisions(t: Scope): Promise<Decisions> {
  const log = pino({ level: "silent" });
  const places = await loadGeoip(loadConfig({ file: null, env: {}, set: [] }), log);
  t.after(() => places.close());
  const list = await AddressRanges.read(compileHere(LIST_TEXT));
  const addresses = { locationOf: places.locationOf, ready: async () => {}, isListed: (_id: string, ip: string) => list.has(ip) };
  const settings = () => ({
    publish: { allow: "any" as const, keys: {} },
    play: { allow: "any" as const },
    linkSecrets: [OWN_SECRET],
  });
  const policies = new PolicyStore();
  const streamPolicies = new StreamPolicyCache(async () => null, log);
  const noCallbacks = { urls: {}, style: "srs", timeoutMs: 1000, onFailure: "refuse", secret: "" } as const;
  const callbacks = new Callbacks(() => noCallbacks, "here", log);
  const control = new AccessControl({ settings, streamPolicies, policies, addresses, callbacks });
  const recordings = new RecordingInfoCache(async () => INFO);
  const replay = new RecordingAccess({ settings, recordings, policies, addresses });
  const sessions = new ViewerSessions(new Uint8Array(32));
  const files = new ViewerFiles({
    sessions,
    recheck: control.recheck,
    recordings: replay,
    policies,
    streamPolicies,
    keys: new ContentKeys([new Uint8Array(32)]),
    strict: () => true,
  });
  let snapshot: PolicySnapshot = { policies: [], linkKeys: [], addressLists: [], channels: [], exemptions: [] };
  const explanationOf = explainer({
    settings,
    addresses,
    snapshot: async () => snapshot,
    streamPolicy: async () => null,
    recordingInfo: async () => INFO,
    backEnds: { asked: async (subject) => subject },
  });
  const readRequest = await openPort(t);
  const place = { httpPort: 0, rtmpPort: 0, stream: STREAM, recording: RECORDING, free: FREE, files: {} };

  const askLive = async (request: AccessRequest): Promise<Refusal | null> => {
    const answer = await control.ask(request, () => null);
    if (answer instanceof Refusal) return answer;
    answer.close();
    return null;
  };
  const decideRtmp = async (door: "rtmp" | "publish", client: Client): Promise<Refusal | null> => {
    const target = door === "rtmp" ? STREAM : FREE;
    const credentials = credentialsOf(rtmpParameters(client.link?.(target).query ?? "", ""));
    const action = door === "rtmp" ? "play" : "publish";
    return await askLive({ action, protocol: "rtmp", ...target, client: rtmpFacts(client), credentials });
  };
  const decideHttp = async (door: Door, client: Client): Promise<Refusal | Answer | null> => {
    const isReplay = door.startsWith("replay") || door === "mp4";
    const asking = isReplay ? "replay" : "flv";
    const read = await readRequest(pathOf(place, asking, client), client);
    if (typeof read === "string") return read;
    const { facts, credentials } = read;
    const [live, recorded, checked] = [LIVE_PROTOCOLS[door], REPLAY_PROTOCOLS[door], CHECKED[door]];
    const request = { action: "play", ...STREAM, client: facts, credentials } as const;
    if (live) return await askLive({ ...request, protocol: live });
    if (checked) return await control.check({ ...request, protocol: checked });
    if (recorded) return refusalOf(await replay.askSession(INFO, credentials, facts, recorded));
    if (isReplay) return await files.permitRecording(INFO, sessions.issue({ recording: INFO.id }, null), false, facts);
    const of = { ...STREAM, epoch: EPOCH };
    return await files.permit({ ...of, session: sessions.issue(of, null) }, false, facts);
  };
  return {
    setRules: ({ rules, farther = [] }) => {
      snapshot = { ...snapshot, linkKeys: LINK_KEYS, policies: policiesOf(farther, rules(MADE)) };
      policies.replace(snapshot);
    },
    decide: async (door, client) => {
      const decision = door === "rtmp" || door === "publish" ? await decideRtmp(door, client) : await decideHttp(door, client);
      return typeof decision === "string" ? decision : answerOfRefusal(decision);
    },
    explain: async (door, client) => {
      const protocol = LIVE_PROTOCOLS[door] ?? REPLAY_PROTOCOLS[door] ?? CHECKED[door] ?? "hls";
      const isReplay = REPLAY_PROTOCOLS[door] !== undefined;
      const read = await readRequest(pathOf(place, isReplay ? "replay" : "flv", client), client);
      if (typeof read === "string") return read;
      const { facts, credentials } = read;
      const of = isReplay ? { recording: INFO.id } : STREAM;
      const { refusal } = await explanationOf({ action: "play", protocol, of, client: facts, credentials, at: Date.now() });
      return answerOfRefusal(refusal);
    },
  };
}

const LIST_IDS: Readonly<Record<Parameters<Made["list"]>[0], string>> = {
  uploaded: "1".repeat(26),
  fetched: "2".repeat(26),
  "from-file": "3".repeat(26),
};
const keyId = (scheme: string): string => String(SCHEMES.map(String).indexOf(scheme)).repeat(26);
const MADE: Made = { list: (name) => LIST_IDS[name], key: keyId };
const LINK_KEYS = SCHEMES.map((scheme) => ({ id: keyId(scheme), scheme, secret: OTHER_SECRET }));

/** Those of publishers are of the stream that they publish to. */
function policiesOf(farther: readonly Rule[], own: readonly Rule[]): readonly Policy[] {
  const ofPublishers = own.filter((one) => one["for"] === "publish");
  return [
    policyOf({ level: "installation", id: "" }, farther),
    policyOf({ level: "stream", id: `${STREAM.app}/${STREAM.name}` }, own),
    policyOf({ level: "stream", id: `${FREE.app}/${FREE.name}` }, ofPublishers),
  ];
}

/** Rules as the API takes them: it adds what is not said. */
function policyOf(target: PolicyTarget, rules: readonly Rule[]): Policy {
  const parsed = changedPolicy.parse({ rules }).rules;
  return { target, rules: parsed.flatMap((one) => (one.kind === "back-end" ? [] : [one])) };
}

/** What doors know of a request; the status with which the port has answered one that is none. */
type Read = { readonly facts: ClientFacts; readonly credentials: Credentials } | Answer;

/** A port that reads requests as the server's does. Each is sent once, and holds for all doors. */
async function openPort(t: Scope): Promise<(path: string, client: Client) => Promise<Read>> {
  const noLimits = { connections: 0, connectionsPerSecond: 0, requestsPerSecond: 0 };
  const limits = new AddressLimits(() => noLimits);
  const clients = new Clients({ limits, trustedProxies: TRUSTED_PROXIES, isNode: () => false });
  let read: Read | null = null;
  const server = createServer((raw, response) => {
    const request = new MediaRequest(raw, clients.identify(raw, false), new WeakSet());
    const { query, signedPrefix } = request.address;
    read = { facts: clientFactsOf(request), credentials: credentialsOf(query, undefined, signedPrefix) };
    response.writeHead(204, { connection: "close" }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const known = new WeakMap<Client, Map<string, Read>>();
  return async (path, client) => {
    const ofClient = known.get(client) ?? new Map<string, Read>();
    known.set(client, ofClient);
    const before = ofClient.get(path);
    if (before !== undefined) return before;
    read = null;
    const from = client.from ? { localAddress: client.from } : {};
    const { status } = await rawRequest({ port, path, headers: headersOf(client, false), ...from });
    const answer: Read = read ?? String(status);
    ofClient.set(path, answer);
    return answer;
  };
}

/** What an RTMP client tells of itself. */
function rtmpFacts({ ip, from, referer, agent }: Client): ClientFacts {
  return { ip: from ?? ip ?? HERE, referer: referer || null, userAgent: agent || null, host: HERE };
}

function refusalOf(answer: unknown): Refusal | null {
  return answer instanceof Refusal ? answer : null;
}
