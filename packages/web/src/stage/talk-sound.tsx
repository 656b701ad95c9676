/** Lets two people hear each other: opens and publishes the own microphone while it is shown, and plays what the other one says. */
import { useEffect, useMemo, useRef } from "react";
import { sameOriginPath } from "../player/media-address.ts";
import { createMemberPlayer } from "./member-player.ts";
import { useMemberPublisher } from "./use-member-publisher.ts";
import { useOwnMedia } from "./use-own-media.ts";

export type TalkStreams = {
  /** What this person says. */
  readonly publish: { readonly app: string; readonly name: string; readonly key: string };
  /** What the other one says: a signed address. */
  readonly play: { readonly flv: string };
};

/** denied: the browser lets the page use no microphone. missing: there is none. */
export type TalkProblem = "denied" | "missing";

type TalkSoundProps = {
  readonly streams: TalkStreams;
  /** Whose voice is played. */
  readonly name: string;
  readonly onProblem: (problem: TalkProblem | null) => void;
};

/** Sound has none. */
const NO_PICTURE = { maxKbps: null, maxLines: null, maxFps: null };

export function TalkSound({ streams, name, onProblem }: TalkSoundProps) {
  const { media, own } = useOwnMedia(true);
  const host = useRef<HTMLDivElement>(null);
  const player = useRef<HTMLElement | null>(null);
  const { app, name: stream, key } = streams.publish;
  // Another key is for the next connection; what is published goes on.
  const keys = useMemo(() => ({ app, name: stream, key, expiresAt: 0 }), [app, stream, key]);
  useMemberPublisher(keys, own.stream, false, NO_PICTURE);
  useEffect(() => void media.setMicrophone(true), [media]);
  const { problem } = own;
  useEffect(() => onProblem(problem === null ? null : problem.isDenied ? "denied" : "missing"), [problem, onProblem]);
  useEffect(() => {
    const element = createMemberPlayer();
    player.current = element;
    host.current?.append(element);
    return () => element.remove();
  }, []);
  useEffect(() => player.current?.setAttribute("aria-label", name), [name]);
  // The address of a talk stays good for as long as it lasts.
  const first = useRef(streams.play.flv);
  useEffect(() => player.current?.setAttribute("src", `${sameOriginPath(first.current)}&delay=low`), []);
  return <div className="unseen" ref={host} />;
}
