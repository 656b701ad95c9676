/** Answers what other processes ask of recorded files. */
import type { FileMessages, RecordedFileMessages, RecordedMessages } from "../../contracts/recordings/recording-messages.ts";
import type { RecordingMaintenance } from "./recording-maintenance.ts";

export function fileHandlers(maintenance: RecordingMaintenance): FileMessages & RecordedFileMessages & RecordedMessages {
  return {
    recordedFile: async ({ address }) => (await maintenance.read(address))?.toString("base64") ?? null,
    recorded: ({ recording, path }) => maintenance.recorded(recording, path),
    clip: ({ files, from, to }) => maintenance.clip(files, from, to),
    removeFiles: ({ files }) => maintenance.remove(files),
  };
}
