/** Shows a student's own record. `?recording=ID&at=SECONDS` plays what was missed, above it. */
import { Stack } from "@mantine/core";
import { useSearchParams } from "wouter";
import { loadedLater } from "../../components/loaded-later.tsx";
import { StudentRecord } from "./student-record.tsx";

// The player and its HLS library are loaded by those who watch.
const CatchUpPlayer = loadedLater(() => import("./catch-up-player.tsx").then(({ CatchUpPlayer }) => CatchUpPlayer));

export function OwnRecord({ userId }: { readonly userId: string }) {
  const [parameters] = useSearchParams();
  const recording = parameters.get("recording");
  const at = Number(parameters.get("at"));
  return (
    <Stack>
      {recording === null ? null : (
        <CatchUpPlayer key={`${recording} ${at}`} recordingId={recording} start={Number.isFinite(at) ? Math.max(0, at) : 0} />
      )}
      <StudentRecord userId={userId} isOwn />
    </Stack>
  );
}
