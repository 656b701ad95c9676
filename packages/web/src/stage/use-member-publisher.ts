/** Publishes the own stream of this member, as a React hook. */
import { createPublisher, type PublisherState, type VideoLimits } from "@lectern/publisher";
import { useEffect, useState } from "react";
import { MemberPublisher } from "./member-publisher.ts";
import type { StageKeys } from "./stage-keys.ts";

/** @returns null: nothing is published */
export function useMemberPublisher(
  keys: StageKeys["publish"],
  stream: MediaStream | null,
  isScreen: boolean,
  limits: VideoLimits,
): PublisherState | null {
  const [state, setState] = useState<PublisherState | null>(null);
  const [publisher] = useState(
    () => new MemberPublisher({ createPublisher, origin: location.origin, onState: setState, limits, after: runAfter }),
  );
  // Before the stream: a screen that begins is sent whole.
  useEffect(() => publisher.setLimits(limits), [publisher, limits]);
  useEffect(() => publisher.setStream(stream, isScreen), [publisher, stream, isScreen]);
  useEffect(() => publisher.setKeys(keys), [publisher, keys]);
  useEffect(() => () => publisher.close(), [publisher]);
  return state;
}

function runAfter(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
