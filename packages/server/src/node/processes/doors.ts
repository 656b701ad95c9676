/** Provides the doors of a media worker's HTTP port, in the order in which they are asked. A new door is one line in the list of `openDoors`. */
import { join } from "node:path";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { EncryptedFiles } from "../../access/encryption/encrypted-files.ts";
import { memberOf } from "../../access/policies/stream-policy.ts";
import { SlidesDoor } from "../../library/materials/slides-door.ts";
import { ReplayDoor } from "../../library/replay/door.ts";
import { RoomReplayDoor } from "../../library/replay/room-door.ts";
import { RoomShiftDoor } from "../../library/replay/room-shift-door.ts";
import { TimeShiftDoor } from "../../library/replay/time-shift-door.ts";
import type { ExamDoor } from "../../live/exams/door.ts";
import { FlvDoor } from "../../live/flv/door.ts";
import { RungListDoor } from "../../live/flv/rung-list-door.ts";
import { HlsDoor } from "../../live/hls/door.ts";
import type { Door } from "../../live/http/door.ts";
import { clientFactsOf, type MediaRequest } from "../../live/http/media-request.ts";
import type { RoomDoor } from "../../live/rooms/door.ts";
import { StillsDoor } from "../../live/stills/door.ts";
import { KeyFrameDoor } from "../../live/stills/key-frame-door.ts";
import { listRungs } from "../../live/transcode/rung-list.ts";
import type { WebRtc } from "../../live/webrtc/webrtc.ts";
import { WebSocketPublishDoor } from "../../live/websocket-publish/door.ts";
import { healthDoor } from "../../operations/health.ts";
import { operationsText } from "../../operations/operations-texts.ts";
import { systemClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { RemoteRecordings } from "../cluster/remote-recordings.ts";
import { acmeDoor } from "../web/acme.ts";
import { API_DOCS_FILES } from "../web/api-docs-files.ts";
import { controlDoor } from "../web/control-door.ts";
import { Forwarder } from "../web/forwarder.ts";
import { httpsRedirectDoor } from "../web/https-redirect.ts";
import { playerFolders } from "../web/player-folders.ts";
import { PublicAnswers } from "../web/public-answers.ts";
import { staticFilesDoor } from "../web/static-files.ts";
import { openExams } from "./exams.ts";
import { openPlaybackSessions, type PlaybackSessions } from "./playback-sessions.ts";
import { openRooms } from "./rooms.ts";
import { shedScopeOf } from "./shed-scope.ts";
import type { WorkerContext } from "./worker-context.ts";
import { mediaOptions, type WorkerParts } from "./worker-parts.ts";
import { openWebRtc } from "./worker-webrtc.ts";

export type Doors = {
  readonly list: readonly Door[];
  readonly hls: HlsDoor;
  readonly remote: RemoteRecordings;
  readonly rooms: RoomDoor;
  readonly exams: ExamDoor;
  readonly views: PlaybackSessions;
  readonly webRtc: WebRtc;
};

export function openDoors(context: WorkerContext, parts: WorkerParts): Doors {
  const { start, config } = context;
  const { peers } = parts.streams;
  const { gate } = parts.access.protection;
  const forwarder = new Forwarder(new PublicAnswers(undefined, (request) => gate.answered(request, 200)), gate);
  const { timeShift, replay } = openLibraryDoors(context, parts);
  const remote = openRemoteRecordings(context, parts, forwarder, timeShift, replay);
  const media = mediaOptions(context, parts);
  const hls = openHls(context, parts, remote, timeShift);
  parts.limit.visitors = () => hls.viewers;
  const rooms = openRooms(context, parts);
  const exams = openExams(context, parts.access);
  const views = openPlaybackSessions(context, parts);
  const webRtc = openWebRtc(context, parts.jobs, media);
  const list: Door[] = [
    healthDoor(start.name, () => {
      if (parts.limit.isDraining) return new Refusal("draining");
      return peers.impediment === null ? null : new Refusal("not-joined", operationsText(`not-joined-${peers.impediment}`));
    }),
    acmeDoor({
      dataDir: start.config.dataDir,
      passOn: (request, response) => {
        const { control } = peers;
        if (!control || request.client.isFromNode) return false;
        forwarder.pass(request, response, peers.toMedia(control));
        return true;
      },
    }),
    httpsRedirectDoor(start.config.http),
    views.door,
    parts.library.fileDoor,
    remote,
    openRoomReplay(context, parts, remote),
    openRoomShift(context, parts),
    timeShift,
    new WebSocketPublishDoor({ ...media, check: parts.access.control.check }),
    new FlvDoor({ ...media, batchMs: () => config().viewer.batchMs }),
    ...webRtc.doors,
    new RungListDoor({
      ...media,
      check: parts.access.control.check,
      rungsOf: (stream) => listRungs(stream, parts.jobs.ladders.variantsOf(stream)),
    }),
    hls,
    new KeyFrameDoor({ ...media, check: parts.access.control.check }),
    new StillsDoor({
      ...media,
      check: parts.access.control.check,
      directory: `${start.directory}/stills`,
      decode: parts.library.decode,
      isMarked: parts.access.files.isMarked,
      isShed: (app, name) => context.degradation.sheds("previews", shedScopeOf(parts.access.streamPolicies, app, name)),
    }),
    new SlidesDoor({
      permit: rooms.permit,
      permitRecording: (id, request) => permitRoomOf(id, request, parts.access),
      openedIn: (of) => context.ask("openedMaterial", of),
      textsOf: (of) => context.ask("openedTexts", of),
      files: parts.library.materials,
      events: context.events,
    }),
    replay,
    rooms.door,
    exams,
    staticFilesDoor([
      { path: "/assets/", directory: join(start.pages, "assets"), isImmutable: true },
      ...playerFolders(start.pages, join(start.config.dataDir, "player")),
      API_DOCS_FILES,
    ]),
    controlDoor(forwarder, (path) => peers.toControl(path), gate),
  ];
  return { list, hls, remote, rooms: rooms.door, exams, views, webRtc: webRtc.webRtc };
}

function openHls(context: WorkerContext, parts: WorkerParts, remote: RemoteRecordings, timeShift: TimeShiftDoor): HlsDoor {
  const { config } = context;
  const encrypted = new EncryptedFiles();
  return new HlsDoor({
    ...mediaOptions(context, parts),
    recheck: parts.access.control.recheck,
    windowSegments: () => config().hls.windowSegments,
    isStrict: parts.access.files.isStrict,
    rungVariants: (stream) => parts.jobs.ladders.variantsOf(stream),
    servedNow: (app, name) => parts.jobs.served.now(app, name),
    sourceOf: (app, name) => parts.jobs.ladders.sourceOf(app, name),
    find: parts.jobs.find,
    maxViewers: () => config().limits.viewers,
    playlists: () => {
      const { perSession, perAddress } = config().limits;
      const perSecond = perSession.playlistsPerSecond ?? perAddress.requestsPerSecond;
      return { perSecond, burst: perSession.burst ?? perSecond * 2 };
    },
    isDrained: () => parts.drain.isOver,
    encryptionOf: parts.access.files.encryptionOf,
    keys: parts.access.files.keys,
    encrypted,
    stored: async (file, key) => {
      const fetched = await remote.stored(file);
      if (fetched !== undefined) return fetched && key ? await encrypted.of(fetched, key) : fetched;
      const { app, name, epoch } = file;
      const local = "file" in file ? { initialisation: file.file.replace(/\.mp4$/, "") } : file;
      return await timeShift.stored(app, name, epoch, local, key);
    },
    sessions: parts.access.sessions,
    captions: {
      // A member's sound is in the lesson's own stream too, whose words are written down.
      lessonOf: (app, name) => (memberOf(name) === null ? parts.access.streamPolicies.peek(app, name) : null),
      language: () => config().captions.language,
      ask: (request) => context.ask("roomReplay", request),
      now: systemClock.utc,
    },
  });
}

function openLibraryDoors(context: WorkerContext, parts: WorkerParts): { timeShift: TimeShiftDoor; replay: ReplayDoor } {
  const { config, events, start } = context;
  const { catalog, segments: cache, previews } = parts.library;
  const { recordings, replay: recordingAccess, files } = parts.access;
  const timeShift = new TimeShiftDoor({
    ...mediaOptions(context, parts),
    catalog,
    cache,
    previews,
    files,
    admitViewer: parts.limit.admit,
    recordedOf: (app, name) => parts.jobs.served.recorded(app, name),
    windowSeconds: () => config().timeshift.windowSeconds,
    windowSegments: () => config().hls.windowSegments,
  });
  const { dataDir } = start.config;
  const replay = new ReplayDoor({
    catalog,
    cache,
    previews,
    events,
    rules: recordings,
    ask: recordingAccess.ask,
    files,
    dataDir,
    askRoom: (request) => context.ask("roomReplay", request),
    now: systemClock.utc,
  });
  return { timeShift, replay };
}

/** The lesson whose room a viewer of a recording may see beside it. */
async function permitRoomOf(id: string, request: MediaRequest, { recordings, replay }: WorkerParts["access"]) {
  const rule = await recordings.find(id);
  if (rule instanceof Refusal) return rule;
  if (!rule.lessonId) return new Refusal("not-found");
  const { query, signedPrefix } = request.address;
  const seat = await replay.askSession(rule, credentialsOf(query, undefined, signedPrefix), clientFactsOf(request), "room", "none");
  if (seat instanceof Refusal) return seat;
  seat?.leave();
  return { room: rule.lessonId };
}

function openRoomReplay({ ask, events }: WorkerContext, { library, access }: WorkerParts, remote: RemoteRecordings) {
  return new RoomReplayDoor({
    catalog: library.catalog,
    rules: access.recordings,
    events,
    now: systemClock.utc,
    ask: (request) => ask("roomReplay", request),
    askSession: access.replay.askSession,
    files: access.files,
    remoteSpans: (info) => remote.spans(info),
  });
}

function openRoomShift({ config, ask, events }: WorkerContext, { access }: WorkerParts): RoomShiftDoor {
  return new RoomShiftDoor({
    streamPolicies: access.streamPolicies,
    check: access.control.check,
    events,
    now: systemClock.utc,
    apps: () => config().apps,
    ask: (request) => ask("roomReplay", request),
    windowSeconds: () => config().timeshift.windowSeconds,
  });
}

function openRemoteRecordings(
  { start, events }: WorkerContext,
  { streams, access, jobs }: WorkerParts,
  forwarder: Forwarder,
  timeShift: TimeShiftDoor,
  replay: ReplayDoor,
): RemoteRecordings {
  return new RemoteRecordings({
    peers: streams.peers,
    forwarder,
    self: start.node,
    recorderNodeOf: (app, name) => streams.locator.locate(app, jobs.served.recordedName(app, name))?.recorderNode ?? null,
    streamOf: (request) => timeShift.match(request),
    recordingOf: (request) => replay.recordingOf(request),
    infoOf: (id) => access.recordings.find(id),
    askSession: access.control.askSession,
    askRecordingSession: access.replay.askSession,
    files: access.files,
    refused: events.refused,
    replay: (request, response) => {
      const address = replay.match(request);
      if (address) replay.handle(request, response, address);
    },
  });
}
