/** Shows what the dock has for the class: a quiz, tools, the recording and its chapters. */

import { serverClock } from "@lectern/player/server-clock";
import { showToast } from "@lectern/ui";
import { CHECKLIST_ICON, FLAG_ICON, RECORDING_ICON, TOOLS_ICON } from "@lectern/ui/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { DockButton } from "../frame/dock-button.tsx";
import type { Side } from "../frame/side.ts";
import { lessonId, lessonPath } from "../lesson/lesson-api.ts";
import "./dock.css";

type ClassDockProps = {
  readonly side: Side;
  /** Of what is published now; null: nothing is published. */
  readonly recorded: { readonly recording: string | null } | null;
};

export function ClassDock({ side, recorded }: ClassDockProps) {
  const { t } = useTranslation();
  return (
    <>
      <DockButton icon={CHECKLIST_ICON} label={t("dock.quiz")} shortcut="Q" onPress={() => side.open("quiz")} />
      <DockButton icon={TOOLS_ICON} label={t("dock.tools")} shortcut="T" onPress={() => side.open("tools")} />
      <RecordButton recording={recorded?.recording ?? null} isLive={recorded !== null} />
      <ChapterButton isRecording={(recorded?.recording ?? null) !== null} />
    </>
  );
}

/** A recording starts and stops at the next keyframe; the button follows the state of the stream. */
function RecordButton({ recording, isLive }: { readonly recording: string | null; readonly isLive: boolean }) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: (action: "start" | "stop") =>
      unwrap(api().POST("/api/v1/lessons/{lessonId}/record", { ...lessonPath, body: { action } })),
    onError: (error) => showToast(errorMessage(error, t("offline"))),
  });
  const isRecording = recording !== null;
  return (
    <DockButton
      icon={RECORDING_ICON}
      label={t(isRecording ? "stopRecording" : "record")}
      otherLabel={t(isRecording ? "record" : "stopRecording")}
      shortcut="R"
      isPressed={isRecording}
      isDisabled={!isLive}
      onPress={() => change.mutate(isRecording ? "stop" : "start")}
    />
  );
}

/** Marks this moment of the recording; its name can be changed with the recording. */
function ChapterButton({ isRecording }: { readonly isRecording: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const mark = useMutation({
    mutationFn: async () => {
      const { items } = await unwrap(api().GET("/api/v1/recordings", { params: { query: { lessonId, limit: 100 } } }));
      const running = items.find(({ whole }) => !whole);
      if (!running) throw new Error("no recording goes on");
      const { id, version, chapters, startedAt } = running;
      const seconds = Math.round((serverClock.now() - Date.parse(startedAt)) / 100) / 10;
      const title = t("dock.chapterTitle", { number: chapters.length + 1 });
      // The server refuses the change when the recording has changed since it was read.
      const params = { path: { recordingId: id }, header: { "If-Match": `"v${version}"` } };
      const body = { chapters: [...chapters, { seconds: Math.max(0, seconds), title }] };
      await unwrap(api().PATCH("/api/v1/recordings/{recordingId}", { params, body }));
      return title;
    },
    onSuccess: (title) => {
      showToast(t("dock.chapterMarked", { title }));
      return client.invalidateQueries({ queryKey: ["recordings"] });
    },
    onError: (error) => showToast(errorMessage(error, t("offline"))),
  });
  return (
    <DockButton
      icon={FLAG_ICON}
      label={t("dock.chapter")}
      shortcut="C"
      isDisabled={!isRecording || mark.isPending}
      onPress={() => mark.mutate()}
    />
  );
}
