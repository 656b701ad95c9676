/** The lesson's stream, asked for again and again. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { lessonPath } from "./lesson-api.ts";

/** The lesson's stream as the server measures it; null while nobody publishes. */
export function useStream() {
  return useQuery({
    queryKey: ["stream"],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/stream", lessonPath)).then(({ stream }) => stream),
    refetchInterval: 1000,
  });
}

export type LiveStream = NonNullable<ReturnType<typeof useStream>["data"]>;
