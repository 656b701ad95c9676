/** Provides the library of a media worker: it records streams, and reads recorded files for time-shift, replay and prefetch. */

import type { MaterialWorkerMessages } from "../../contracts/materials/material-messages.ts";
import type { DownloadWorkerMessages } from "../../contracts/recordings/download-messages.ts";
import type { RecordingWorkerMessages } from "../../contracts/recordings/recording-messages.ts";
import { Catalog } from "../../library/catalog/catalog.ts";
import { WorkerEncodings } from "../../library/downloads/worker-encodings.ts";
import { directoriesOf } from "../../library/files/directories.ts";
import { Conversions } from "../../library/materials/conversions.ts";
import { MaterialFiles } from "../../library/materials/material-files.ts";
import type { Recorders } from "../../library/recorder/recorders.ts";
import { cacheBytesOf } from "../../library/replay/cache-size.ts";
import { Previews } from "../../library/replay/previews.ts";
import { recordedFileDoor } from "../../library/replay/recorded-file-door.ts";
import { type RequestFile, withRemoteFiles } from "../../library/replay/remote-files.ts";
import { SegmentCache } from "../../library/replay/segment-cache.ts";
import { openRecordedFiles, openStorage } from "../../library/storage/storage.ts";
import type { Door } from "../../live/http/door.ts";
import { peerOf } from "../../live/relay/registry/stream-table-entry.ts";
import type { ServedNow } from "../../live/served-rendition.ts";
import { createDecoder } from "../../live/stills/decoder.ts";
import { systemClock } from "../../platform/clock.ts";
import { machineMemory } from "../../platform/machine-memory.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { RemoteRecordings } from "../cluster/remote-recordings.ts";
import { nodeAskerOf } from "../ipc/node-questions.ts";
import { workerCount } from "../worker-count.ts";
import { keysOfFiles } from "./file-encryption.ts";
import { materialReader } from "./materials.ts";
import { openRecording } from "./recording.ts";
import type { WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { PulledChannels } from "./worker-jobs.ts";
import type { WorkerStreams } from "./worker-streams.ts";

const FFMPEG = "ffmpeg";
/** How much of a recording is prefetched: what a player buffers first. */
const PREFETCH_SECONDS = 30;

export type WorkerLibrary = {
  readonly catalog: Catalog;
  readonly segments: SegmentCache;
  readonly previews: Previews;
  readonly decode: ReturnType<typeof createDecoder>;
  readonly recorders: Recorders;
  readonly downloads: WorkerEncodings;
  readonly materials: MaterialFiles;
  readonly conversions: Conversions;
  readonly fileDoor: Door;
  readonly handlers: (remote: RemoteRecordings) => RecordingWorkerMessages & DownloadWorkerMessages & MaterialWorkerMessages;
};

export async function openWorkerLibrary(
  context: WorkerContext,
  { streams, locator }: WorkerStreams,
  { streamPolicies, recordings, callbacks }: WorkerAccess,
  channels: PulledChannels,
  servedNow: ServedNow,
): Promise<WorkerLibrary> {
  const { start, config, metrics } = context;
  const directories = directoriesOf(start.config.dataDir);
  const { source, disk } = await openRecordedFiles(start.config, directories);
  let others: RemoteRecordings | null = null;
  const requestFile: RequestFile = async (node, address) => {
    if (!others) throw new Error("the doors are not open yet");
    return await others.requestFile(node, address);
  };
  const catalog = new Catalog(directories, withRemoteFiles(source, directories.record, requestFile), keysOfFiles(config));
  const segments = new SegmentCache(cacheBytesOf(start.config, workerCount(start.config), machineMemory()));
  const decode = createDecoder();
  const { recorders, setManually } = openRecording({
    ...context,
    streams,
    locator,
    policies: streamPolicies,
    catalog,
    callbacks,
    channels,
    servedNow,
  });
  const { dataDir } = start.config;
  const { materials, conversions } = await openMaterials(context);
  const downloads = new WorkerEncodings({
    dataDir,
    command: FFMPEG,
    catalog,
    cache: segments,
    clock: systemClock,
    log: context.log,
    infoOf: (id) => recordings.find(id),
    report: (report) => context.supervisor.tell("downloadReport", report),
    requestFile,
    askRoom: (request) => context.ask("roomReplay", request),
    readMaterial: (id, file, node) => materials.read(id, file, node),
    recorded: (recording, path) => context.supervisor.tell("recorded", { recording, path, whole: true }),
  });
  metrics.followRecording(() => recorders.size);
  metrics.followReplay(segments, () => disk.size);
  return {
    catalog,
    segments,
    previews: new Previews({ decode, directories }),
    decode,
    recorders,
    downloads,
    materials,
    conversions,
    fileDoor: recordedFileDoor(directories.record, source),
    handlers: (remote) => {
      others = remote;
      return {
        ...downloads.handlers,
        ...conversions.handlers,
        record: ({ app, name, action }) => {
          const location = locator.locate(app, name);
          if (!location) return false;
          setManually({ app, name, epoch: location.epoch }, action);
          return location.record && streams.local(app, name) !== null;
        },
        prefetch: async ({ id }) => {
          const info = await recordings.find(id);
          if (info instanceof Refusal) return 0;
          return (await remote.prefetch(info, PREFETCH_SECONDS)) ?? (await prefetch(catalog, segments, info.files));
        },
      };
    },
  };
}

/** The files of teaching materials, and the conversions that this worker does. */
async function openMaterials({ start, config, log, supervisor }: WorkerContext) {
  const storage = await openStorage(start.config, directoriesOf(start.config.dataDir));
  const materials = new MaterialFiles({
    dataDir: start.config.dataDir,
    store: storage?.store ?? null,
    self: start.node,
    askNode: materialReader(nodeAskerOf(supervisor)),
  });
  const conversions = new Conversions({
    config,
    log,
    files: materials,
    name: start.name,
    worker: peerOf(start.node, start.name),
    report: (report) => supervisor.call("materialReport", report),
  });
  return { materials, conversions };
}

/** Reads the beginning of a recording of this node, from the object storage where the disk does not have it. Returns its seconds. */
async function prefetch(catalog: Catalog, segments: SegmentCache, files: readonly string[]): Promise<number> {
  const timeline = await catalog.recording(files);
  let number = 0;
  for (; number < timeline.length && timeline.startOf(number) < PREFETCH_SECONDS; number++) {
    const segment = timeline.segment(number);
    const held = segment && (await segments.acquire(segment));
    if (!held) break;
    held.release();
  }
  return number < timeline.length ? timeline.startOf(number) : timeline.duration;
}
