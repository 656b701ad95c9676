/** Collects the streams that tiles play, by person. */
import { useCallback, useMemo, useState } from "react";

export type Streams = {
  /** Another map when one of them changes. */
  readonly streams: ReadonlyMap<string, MediaStream>;
  readonly onStream: (person: string, stream: MediaStream | null) => void;
};

export function useStreams(): Streams {
  const [streams, setStreams] = useState<ReadonlyMap<string, MediaStream>>(new Map());
  const onStream = useCallback((person: string, stream: MediaStream | null) => {
    setStreams((before) => {
      if ((before.get(person) ?? null) === stream) return before;
      const others = [...before].filter(([one]) => one !== person);
      return new Map(stream ? [...others, [person, stream]] : others);
    });
  }, []);
  return useMemo(() => ({ streams, onStream }), [streams, onStream]);
}
