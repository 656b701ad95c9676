/**
 * Provides the publishing of this page: the capture, the broadcast, and what keeps both alive while the lesson is live. One of each, as long as the
 * page is open.
 */

import type { Lesson } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { createPublisher } from "@lectern/publisher";
import { useEffect, useState, useSyncExternalStore } from "react";
import { lessonMix } from "../../../stage/lesson-mix.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { Broadcast, type BroadcastState } from "../broadcast/broadcast.ts";
import { keepAwake, warnBeforeLeaving, whenAwake } from "../broadcast/keep-page.ts";
import { Capture } from "../capture/capture.ts";
import type { CaptureState } from "../capture/capture-state.ts";
import { createOutput } from "../capture/output.ts";
import { forgetLiveMark, keepLiveMark } from "../devices/remembered.ts";
import { videoKbps } from "../devices/uplink-words.ts";
import { streamAddress } from "./stream-address.ts";
import { type MeasuredUplink, uplinkOf } from "./use-measured-uplink.ts";

export type Publishing = {
  readonly capture: Capture;
  readonly captured: CaptureState;
  readonly broadcast: Broadcast;
  readonly state: BroadcastState;
  readonly measured: MeasuredUplink;
};

type StreamAccess = NonNullable<Lesson["stream"]>;

/** Null: this browser has no devices for this page. */
export function usePublishing(lesson: Lesson, stream: StreamAccess, measured: MeasuredUplink): Publishing | null {
  const { t } = useTranslation();
  const [parts] = useState(() => openParts(() => t("publishing.placeholder")));
  const address = streamAddress(stream);
  const maxKbps = videoKbps(uplinkOf(measured));
  useEffect(() => parts?.broadcast.setTarget({ address, key: stream.publishKey }), [parts, address, stream.publishKey]);
  useEffect(() => parts?.broadcast.setMaxKbps(maxKbps), [parts, maxKbps]);
  const captured = useSyncExternalStore(parts?.capture.subscribe ?? noStore, parts?.capture.snapshot ?? nothing);
  const state = useSyncExternalStore(parts?.broadcast.subscribe ?? noStore, parts?.broadcast.snapshot ?? nothing);
  // A page that asks to sign in again neither films nor publishes behind its form; the mark stays, so that it offers to continue.
  useEffect(
    () => () => {
      parts?.broadcast.stop();
      parts?.capture.closeDevices();
    },
    [parts],
  );
  useKeptPage(lesson.id, parts?.capture ?? null, state, captured);
  if (!parts || !captured || !state) return null;
  return { ...parts, captured, state, measured };
}

const ON_AIR: readonly string[] = ["live", "reconnecting"];
const noStore = (): (() => void) => () => {};
const nothing = (): null => null;

function openParts(placeholder: () => string): { readonly capture: Capture; readonly broadcast: Broadcast } | null {
  // Absent on pages without HTTPS, whatever the types say.
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (!media?.getUserMedia) return null;
  const capture = new Capture({ media, output: createOutput(), placeholder });
  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  const broadcast = new Broadcast({ createPublisher, now: () => serverClock.now(), after });
  // With the sound and pictures of those who are on stage.
  capture.subscribe(() => lessonMix.setOwn(capture.snapshot().output));
  lessonMix.subscribe(() => broadcast.setStream(lessonMix.snapshot().output));
  broadcast.subscribe(() => lessonMix.setPublishing(ON_AIR.includes(broadcast.snapshot().phase)));
  return { capture, broadcast };
}

/** While the page publishes: marks the lesson as live here, keeps the device awake, opens devices again after a sleep, and warns before the tab closes. */
function useKeptPage(lessonId: string, capture: Capture | null, state: BroadcastState | null, captured: CaptureState | null): void {
  const isOn = isPublishing(state);
  const since = state?.since ?? null;
  const { source = "camera", isMuted = false, isCameraOff = false } = captured ?? {};
  useEffect(() => {
    if (isOn && since !== null) keepLiveMark({ lessonId, source, since, isMuted, isCameraOff });
  }, [isOn, lessonId, source, since, isMuted, isCameraOff]);
  useEffect(() => {
    if (!isOn || !capture) return;
    const ends = [keepAwake(), warnBeforeLeaving(), whenAwake(() => void capture.revive())];
    return () => {
      for (const end of ends) end();
    };
  }, [isOn, capture]);
}

/** Whether the page publishes, or is about to. */
export function isPublishing(state: BroadcastState | null): boolean {
  return state !== null && (state.phase === "live" || state.phase === "reconnecting" || state.phase === "starting");
}

/** Stops publishing on purpose: the page does not offer to continue. */
export function stopPublishing({ broadcast, capture }: Pick<Publishing, "broadcast" | "capture">): void {
  forgetLiveMark();
  broadcast.stop();
  // The check before class would hear nothing.
  capture.setMuted(false);
}
