/** Determines who speaks, by the sound of everybody's stream. */
import { type AudioLevel, watchAudioLevel } from "@lectern/publisher";
import { useEffect, useRef, useState } from "react";
import { NO_SPEAKER, nextSpeaker } from "./speaker.ts";

const LOOK_MS = 200;

/** @param streams by person @returns null: nobody has spoken yet */
export function useSpeaker(streams: ReadonlyMap<string, MediaStream>): string | null {
  const [speaker, setSpeaker] = useState<string | null>(null);
  const state = useRef(NO_SPEAKER);
  useEffect(() => {
    const watches = new Map<string, AudioLevel>();
    for (const [person, stream] of streams) if (stream.getAudioTracks().length > 0) watches.set(person, watchAudioLevel(stream));
    if (watches.size === 0) {
      state.current = NO_SPEAKER;
      setSpeaker(null);
      return;
    }
    const timer = setInterval(() => {
      const levels = new Map([...watches].map(([person, watch]) => [person, watch.level()]));
      state.current = nextSpeaker(state.current, levels, performance.now());
      setSpeaker(state.current.person);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      for (const watch of watches.values()) watch.close();
    };
  }, [streams]);
  return speaker;
}
