/** Passes messages about recordings on: to the workers that record, and to the process that maintains the files of this node. */
import { isSchoolStream } from "../../access/policies/stream-policy.ts";
import type {
  FoundRecording,
  Prefetched,
  RecordedMessages,
  RecordingCallMessages,
  RecordingNodeMessages,
  RecordingUpdate,
} from "../../contracts/recordings/recording-messages.ts";
import type { RecordChoices } from "../../library/recorder/record-choices.ts";
import type { Member } from "../../network/membership.ts";
import { fileOf, nodeOfFiles, pathOf, pathsAt } from "../cluster/node-file-names.ts";
import { askNode, type NodeContext } from "./node-context.ts";

const PREFETCH_WITHIN_MS = 30_000;
const CLIP_WITHIN_MS = 60_000;
const FILE_WITHIN_MS = 10_000;

export function recordingHandlers(context: NodeContext): RecordingCallMessages & RecordedMessages {
  const { cluster, control, here } = context;
  return {
    recorded: (file) => control().tell("recorded", file),
    // Every node remembers it, for a publisher that returns elsewhere.
    record: async (request) => {
      const [own, others] = await Promise.all([here().record(request), cluster.askOthers("record", request)]);
      return own || others.includes(true);
    },
    prefetch: async ({ id, nodes }) => await prefetchAt(context, id, nodes),
  };
}

export function recordingNodeHandlers({
  cluster,
  control,
  workers,
  registry,
  recordChoices,
}: NodeContext & { readonly recordChoices: RecordChoices }): RecordingNodeMessages {
  return {
    record: async (request) => {
      const { app, name } = request;
      if (registry.entry(app, name) && !isSchoolStream(name)) recordChoices.set(request);
      return (await workers.askAll("record", request)).includes(true);
    },
    clip: async ({ files, ...of }) => {
      const made = await control().call("clip", { files: pathsAt(nodeOfFiles(files), files), ...of }, CLIP_WITHIN_MS);
      return made && withNode(cluster.self, made);
    },
    recordedFile: (of) => control().call("recordedFile", of, FILE_WITHIN_MS),
    removeFiles: ({ files }) => control().call("removeFiles", { files: files.map(pathOf) }),
    prefetchRecording: async (of) => {
      let seconds = 0;
      // In turn: the other workers find on the disk what the first one fetched.
      for (const { channel } of workers.all)
        seconds = Math.max(seconds, await channel.call("prefetch", of, PREFETCH_WITHIN_MS).catch(() => 0));
      return seconds;
    },
  };
}

async function prefetchAt(context: NodeContext, id: string, nodes: readonly string[] | "all"): Promise<Prefetched> {
  const { cluster } = context;
  const up = cluster.members().filter(({ state }) => state === "up");
  const chosen = up.filter((member) => nodes === "all" || member.id === cluster.self || nodes.includes(member.id));
  const ask = async ({ id: node }: Member) => ({
    node,
    seconds: await askNode(context, node, "prefetchRecording", { id }, PREFETCH_WITHIN_MS),
  });
  const answers = await Promise.allSettled(chosen.map(ask));
  const fetched = answers.flatMap((answer) => (answer.status === "fulfilled" && answer.value.seconds > 0 ? [answer.value] : []));
  return { seconds: Math.max(0, ...fetched.map(({ seconds }) => seconds)), nodes: fetched.map(({ node }) => node) };
}

/** Names the files for other nodes. */
export function withNode(node: string, recording: FoundRecording): RecordingUpdate {
  return { ...recording, node, files: recording.files.map((file) => fileOf(node, file)) };
}
